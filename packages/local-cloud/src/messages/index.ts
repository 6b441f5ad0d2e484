export { errorInfo } from './error-info.ts';
export { okReply, pageReply } from './listing.ts';
export {
  badField,
  bodyMessage,
  countOf,
  flagOf,
  isRecord,
  type Message,
  messageOf,
  textMapOf,
  textOf,
  textsOf,
} from './message.ts';
export { needs } from './needs.ts';

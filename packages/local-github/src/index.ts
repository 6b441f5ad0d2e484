export { type LocalGithub, type LocalGithubOptions, startLocalGithub } from './local-github.ts';
export type { Subject } from './oidc.ts';

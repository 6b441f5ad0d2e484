import { timestamp } from './time.ts';

const KEPT_MICROS = 30 * 24 * 3600 * 1_000_000;

/** A message as the operation of its deletion shows it: with the time of that, and when nothing of it will be left. */
export function deleted(message: object, micros: number): object {
  return { ...message, deleteTime: timestamp(micros), expireTime: timestamp(micros + KEPT_MICROS) };
}

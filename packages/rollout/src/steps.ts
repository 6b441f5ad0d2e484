import { RolloutError } from './rollout-error.ts';

/** The percents that a candidate goes through, such as `10,50,100`: whole numbers from 1 to 100 that rise. */
export function parseSteps(text: string): readonly number[] {
  const steps = text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(percentOf);
  const isRising = steps.every((step, place) => step > (steps[place - 1] ?? 0));
  if (steps.length > 0 && isRising) return steps;
  throw new RolloutError('bad-steps', `steps must be rising percents such as "10,50,100", got "${text}"`);
}

function percentOf(entry: string): number {
  const percent = /^\d{1,3}%?$/.test(entry) ? Number.parseInt(entry, 10) : 0;
  if (percent >= 1 && percent <= 100) return percent;
  throw new RolloutError('bad-steps', `steps must be whole numbers from 1 to 100, got "${entry}"`);
}

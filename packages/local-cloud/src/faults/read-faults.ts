import { CloudError } from '../control/cloud-error.ts';
import { CLOUD_RUN_LIMITS } from '../control/limits.ts';
import { type EffectForm, EFFECTS } from './effects.ts';
import type { Effect, Fault } from './fault.ts';

/** Faults from a body: one or a list. Throws INVALID_ARGUMENT with the name of the field for whatever is not one of its effect's fields. */
export function readFaults(json: unknown): readonly Fault[] {
  const list: readonly unknown[] = Array.isArray(json) ? json : [json];
  return list.map((item, index) => readFault(Array.isArray(json) ? `faults[${index}]` : 'fault', item));
}

function readFault(at: string, json: unknown): Fault {
  const item = recordAt(at, json);
  const effect = effectAt(`${at}.effect`, item['effect']);
  const form = EFFECTS[effect];
  checkFields(at, item, { effect, form });
  checkMatch(`${at}.match`, recordAt(`${at}.match`, item['match']), { effect, form });
  return item as unknown as Fault;
}

interface Shape {
  readonly effect: Effect;
  readonly form: EffectForm;
}

function checkFields(at: string, item: Readonly<Record<string, unknown>>, { effect, form }: Shape): void {
  const known: readonly string[] = ['match', 'effect', ...form.needs, ...form.may];
  for (const [field, value] of Object.entries(item)) {
    if (!known.includes(field))
      throw refusal(
        `${at}.${field}`,
        `is not a field of a fault with effect "${effect}"; its fields are ${known.join(', ')}`,
      );
    CHECKS[field]?.(`${at}.${field}`, value);
  }
  const missing = form.needs.find((field) => item[field] === undefined);
  if (missing !== undefined) throw refusal(`${at}.${missing}`, `must be given with effect "${effect}"`);
}

function checkMatch(at: string, match: Readonly<Record<string, unknown>>, { effect, form }: Shape): void {
  const known: readonly string[] = form.match;
  for (const [field, value] of Object.entries(match)) {
    if (!known.includes(field))
      throw refusal(
        `${at}.${field}`,
        `cannot be matched by effect "${effect}", which knows ${known.length === 0 ? 'nothing to match' : known.join(', ')}`,
      );
    checkPattern(`${at}.${field}`, value);
  }
}

const wholeFrom = (least: number) => (at: string, value: unknown) => {
  if (!Number.isInteger(value) || Number(value) < least)
    throw refusal(at, `must be a whole number from ${least}, got ${JSON.stringify(value)}`);
};
const checkText = (at: string, value: unknown) => {
  if (typeof value !== 'string') throw refusal(at, `must be a text, got ${JSON.stringify(value)}`);
};

const CHECKS: Readonly<Record<string, (at: string, value: unknown) => void>> = {
  nth: wholeFrom(1),
  times: (at, value) => {
    if (value !== 'all') wholeFrom(1)(at, value);
  },
  every: wholeFrom(1),
  status: (at, value) => {
    if (!Number.isInteger(value) || Number(value) < 400 || Number(value) > 599)
      throw refusal(at, `must be an HTTP code from 400 to 599, got ${JSON.stringify(value)}`);
  },
  message: checkText,
  code: checkText,
  reason: checkText,
  retryAfter: wholeFrom(0),
  exitCode: wholeFrom(1),
  delayMs: wholeFrom(0),
  perMinute: wholeFrom(0),
  seconds: (at, value) => {
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw refusal(at, `must be a number of seconds, got ${JSON.stringify(value)}`);
  },
  limits: checkLimits,
};

function checkLimits(at: string, value: unknown): void {
  for (const [field, limit] of Object.entries(recordAt(at, value))) {
    if (!Object.hasOwn(CLOUD_RUN_LIMITS, field))
      throw refusal(`${at}.${field}`, `is no limit; limits are ${Object.keys(CLOUD_RUN_LIMITS).join(', ')}`);
    wholeFrom(0)(`${at}.${field}`, limit);
  }
}

function checkPattern(at: string, value: unknown): void {
  checkText(at, value);
  try {
    new RegExp(String(value));
  } catch {
    throw refusal(at, `must be a regular expression, got ${JSON.stringify(value)}`);
  }
}

function effectAt(at: string, value: unknown): Effect {
  const effect = (Object.keys(EFFECTS) as readonly Effect[]).find((known) => known === value);
  if (effect === undefined)
    throw refusal(at, `must be one of ${Object.keys(EFFECTS).join(', ')}, got ${JSON.stringify(value)}`);
  return effect;
}

function recordAt(at: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusal(at, `must be an object, got ${JSON.stringify(value)}`);
  return value as Readonly<Record<string, unknown>>;
}

function refusal(at: string, description: string): CloudError {
  return new CloudError('INVALID_ARGUMENT', `${at} ${description}`, [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: at, description }] },
  ]);
}

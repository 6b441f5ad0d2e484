import type { Fault } from '../http/faults.ts';

/** What a person can choose from; all other faults are set by `POST /-/faults`. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly fault: Fault;
}

/** Calls that change something: a fault for common use leaves those alone that only look. */
const CHANGES = 'POST|PUT|PATCH|DELETE';
const NOT_WAITING = '^(?!.*:(?:wait|getIamPolicy|testIamPermissions))';

const onChanges = (label: string, fault: Omit<Fault, 'match'>): Choice => ({
  id: label.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
  label,
  fault: { match: { method: CHANGES, path: NOT_WAITING }, ...fault },
});

const onRuns = (label: string, fault: Omit<Fault, 'match'>): Choice => ({
  ...onChanges(label, fault),
  fault: { match: {}, ...fault },
});

export const CHOICES: readonly Choice[] = [
  onChanges('Answer 503, apply nothing', { effect: 'status', status: 503 }),
  onChanges('Answer 429 with Retry-After 2', { effect: 'status', status: 429, retryAfter: 2 }),
  onChanges('Answer 409 as a conflict', { effect: 'status', status: 409 }),
  onChanges('Answer 403 as without permission', { effect: 'status', status: 403 }),
  onChanges('Break the connection, apply nothing', { effect: 'fail-before' }),
  onChanges('Apply, then break the connection', { effect: 'drop-reply' }),
  onChanges('Apply, then answer 503', { effect: 'apply-then-503' }),
  onRuns('New revision does not start', { effect: 'start-fails' }),
  onRuns('Task ends with exit code 1', { effect: 'task-fails' }),
  onRuns('Task runs until it is cancelled', { effect: 'task-hangs' }),
];

export type FormAnswer =
  { readonly kind: 'fault'; readonly fault: Fault } | { readonly kind: 'refused'; readonly because: string };

/** What the form says: a choice, a text that the path (or for runs the name) must hold, which one is hit first and how many are. */
export function readFaultForm(form: URLSearchParams): FormAnswer {
  const choice = CHOICES.find(({ id }) => id === form.get('choice'));
  if (choice === undefined) return { kind: 'refused', because: 'choose what is to happen' };
  const field = (name: string) => form.get(name) ?? '';
  const nth = wholeOf(field('nth'));
  const times = wholeOf(field('times'));
  if (nth === undefined) return refused('From which one on', field('nth'));
  if (times === undefined) return refused('How many', field('times'));
  const { match, ...fault } = choice.fault;
  return { kind: 'fault', fault: { ...fault, match: { ...match, ...where(choice, form) }, nth, times } };
}

function where({ fault }: Choice, form: URLSearchParams): Fault['match'] {
  const text = (form.get('contains') ?? '').trim();
  if (text === '') return {};
  const pattern = text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return fault.match.method === undefined ? { service: pattern } : { path: `${NOT_WAITING}.*${pattern}` };
}

const MOST = 10_000;

function wholeOf(text: string): number | undefined {
  const value = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= MOST ? value : undefined;
}

function refused(field: string, text: string): FormAnswer {
  return {
    kind: 'refused',
    because: `"${field}" must be a whole number from 1 to ${MOST}, got "${text}"`,
  };
}

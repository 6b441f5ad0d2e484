import { CloudError } from '../control/cloud-error.ts';
import type { Message } from './mapping.ts';

export type LabelTest = (labels: Message) => boolean;

/** `a=b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a` and `!a`, with commas between; all must hold. */
export function labelTest(selector: string): LabelTest {
  const tests = requirements(selector).map(requirementTest);
  return (labels) => tests.every((test) => test(labels));
}

/** The value that the selector asks for with `key=value`. */
export function asked(selector: string, key: string): string | undefined {
  const found = requirements(selector)
    .map((text) => EQUALITY.exec(text))
    .find((match) => match?.[1] === key && match[2] !== '!=');
  return found?.[3];
}

const KEY = '[A-Za-z0-9._/-]+';
const EQUALITY = new RegExp(`^(${KEY})\\s*(!=|==|=)\\s*([^\\s()]*)$`);
const MEMBERSHIP = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`, 'i');
const EXISTENCE = new RegExp(`^(!?)\\s*(${KEY})$`);

/** Commas within parentheses divide nothing. */
function requirements(selector: string): readonly string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((text) => text.trim())
    .filter((text) => text !== '');
}

function requirementTest(text: string): LabelTest {
  const equality = EQUALITY.exec(text);
  if (equality !== null) {
    const [, key = '', operator, value] = equality;
    return (labels) => (labels[key] === value) === (operator !== '!=');
  }
  const membership = MEMBERSHIP.exec(text);
  if (membership !== null) {
    const [, key = '', operator = '', values = ''] = membership;
    const members = new Set<unknown>(values.split(',').map((value) => value.trim()));
    return (labels) => members.has(labels[key]) === (operator.toLowerCase() === 'in');
  }
  const [, negation, key] = EXISTENCE.exec(text) ?? [];
  if (key === undefined)
    throw new CloudError('INVALID_ARGUMENT', `Invalid label selector: unable to parse requirement: ${text}`);
  return (labels) => (labels[key] !== undefined) === (negation === '');
}

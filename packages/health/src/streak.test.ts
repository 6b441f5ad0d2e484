import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { lookedAt, noLooks, overall, type ProbeVerdict, settled, type Verdict } from './index.ts';

const healthy: ProbeVerdict = { kind: 'healthy', provenBy: 'revision' };
const unhealthy: ProbeVerdict = { kind: 'unhealthy', because: 'answered 503, expected 200' };
const stale: ProbeVerdict = { kind: 'stale', because: 'stale version' };
const unreachable: ProbeVerdict = { kind: 'inconclusive', because: 'connect ECONNREFUSED' };

const after = (verdicts: readonly ProbeVerdict[]) => verdicts.reduce(lookedAt, noLooks);
const patience = { successes: 3, attempts: 5 };

describe('one candidate', () => {
  test('three healthy answers in a row settle it', () => {
    expect(settled(after([stale, healthy, healthy, healthy]), patience)).toEqual(healthy);
  });

  test('an unhealthy answer starts the row again', () => {
    expect(settled(after([healthy, healthy, unhealthy, healthy]), patience)).toBeUndefined();
  });

  test.each([
    {
      fate: 'unhealthy',
      look: unhealthy,
      verdict: { kind: 'unhealthy', because: 'answered 503, expected 200 (after 1 attempt)' },
    },
    {
      fate: 'stale to the end',
      look: stale,
      verdict: { kind: 'unhealthy', because: 'stale version (after 1 attempt)' },
    },
    {
      fate: 'never reached',
      look: unreachable,
      verdict: { kind: 'inconclusive', because: 'connect ECONNREFUSED (after 1 attempt)' },
    },
    {
      fate: 'too short a row',
      look: healthy,
      verdict: { kind: 'inconclusive', because: '1 of 3 healthy answers in a row after 1 attempt' },
    },
  ])('out of attempts: $fate', ({ look, verdict }) => {
    expect(settled(after([look]), { successes: 3, attempts: 1 })).toEqual(verdict);
  });

  test('it is healthy only when the last looks all were', () => {
    const verdicts = fc.array(fc.constantFrom(healthy, unhealthy, stale, unreachable), { minLength: 5 });
    fc.assert(
      fc.property(verdicts, (looks) => {
        const isSettledHealthy = settled(after(looks), patience)?.kind === 'healthy';
        return isSettledHealthy === looks.slice(-3).every(({ kind }) => kind === 'healthy');
      }),
    );
  });
});

describe('a release', () => {
  const good: Verdict = { kind: 'healthy', provenBy: 'version' };
  const bad: Verdict = { kind: 'unhealthy', because: '' };
  const unknown: Verdict = { kind: 'inconclusive', because: '' };

  test.each([
    [[good, good], 'healthy'],
    [[good, unknown], 'inconclusive'],
    [[unknown, bad], 'unhealthy'],
    [[], 'inconclusive'],
  ] as const)('%j is %s', (verdicts, kind) => {
    expect(overall(verdicts)).toBe(kind);
  });
});

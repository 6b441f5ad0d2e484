import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSteps, planShift, type Share, targetsOf, type Traffic, trafficOf } from './index.ts';

const shares = (text: string): readonly Share[] =>
  text
    .split(' ')
    .filter((entry) => entry !== '')
    .map((entry) => ({ revision: entry.split('=')[0] ?? '', percent: Number(entry.split('=')[1]) }));

describe('planShift', () => {
  test.each([
    ['a=100', 'b=10', 'a=90 b=10'],
    ['a=90 b=10', 'b=50', 'b=50 a=50'],
    ['a=90 b=10', 'b=100', 'b=100'],
    ['a=60 c=40', 'b=10', 'a=54 c=36 b=10'],
    ['a=34 c=33 d=33', 'b=50', 'b=50 a=17 c=17 d=16'],
    ['a=100', 'a=100', undefined],
  ])('from %s, giving %s makes %s (TS-01)', (live, to, expected) => {
    const [target] = shares(to);
    if (target === undefined) throw new Error('no target');

    const plan = planShift({ shares: shares(live), tags: [] }, target);

    expect(plan.kind === 'shift' ? new Set(plan.traffic.shares) : undefined).toEqual(
      expected === undefined ? undefined : new Set(shares(expected)),
    );
  });

  test('a part for the only revision with traffic is refused, because nothing could take the rest', () => {
    const live: Traffic = { shares: [{ revision: 'a', percent: 100 }], tags: [] };

    expect(() => planShift(live, { revision: 'a', percent: 10 })).toThrow(
      'a cannot have 10 %: no other revision has traffic and could take the remaining 90 %',
    );
  });

  test('shares are whole, sum to exactly 100, and every tag stays, whatever is live', () => {
    fc.assert(
      fc.property(liveTraffic, fc.integer({ min: 0, max: 100 }), (live, percent) => {
        const plan = planShift(live, { revision: 'candidate', percent });
        const after = plan.kind === 'shift' ? plan.traffic : live;

        expect(after.shares.reduce((sum, share) => sum + share.percent, 0)).toBe(100);
        expect(after.shares.every((share) => Number.isInteger(share.percent) && share.percent > 0)).toBe(
          true,
        );
        expect(after.shares.find(({ revision }) => revision === 'candidate')?.percent ?? 0).toBe(percent);
        expect(after.tags).toEqual(live.tags);
      }),
    );
  });

  test('a revision without traffic gets none from a shift to another', () => {
    fc.assert(
      fc.property(liveTraffic, fc.integer({ min: 0, max: 100 }), (live, percent) => {
        const plan = planShift(live, { revision: 'candidate', percent });
        const after = plan.kind === 'shift' ? plan.traffic : live;
        const known = new Set(['candidate', ...live.shares.map(({ revision }) => revision)]);

        expect(after.shares.filter(({ revision }) => !known.has(revision))).toEqual([]);
      }),
    );
  });

  test('what is written reads back as the same traffic', () => {
    fc.assert(
      fc.property(liveTraffic, (live) => {
        expect(trafficOf(targetsOf(live), undefined)).toEqual(live);
      }),
    );
  });
});

test('traffic that follows the latest revision counts as the latest ready one', () => {
  expect(trafficOf([{ percent: 100 }, { revision: 'a', percent: 0, tag: 'pr-1' }], 'b')).toEqual({
    shares: [{ revision: 'b', percent: 100 }],
    tags: [{ tag: 'pr-1', revision: 'a' }],
  });
});

describe('parseSteps', () => {
  test.each([
    ['10,50,100', [10, 50, 100]],
    ['100', [100]],
    ['5%, 25%', [5, 25]],
  ])('%s is read', (text, expected) => {
    expect(parseSteps(text)).toEqual(expected);
  });

  test.each([
    ['12.5', 'steps must be whole numbers from 1 to 100, got "12.5"'],
    ['0,100', 'steps must be whole numbers from 1 to 100, got "0"'],
    ['101', 'steps must be whole numbers from 1 to 100, got "101"'],
    ['ten', 'steps must be whole numbers from 1 to 100, got "ten"'],
    ['50,10', 'steps must be rising percents such as "10,50,100", got "50,10"'],
    [' , ', 'steps must be rising percents such as "10,50,100", got " , "'],
  ])('%s is refused', (text, message) => {
    expect(() => parseSteps(text)).toThrow(message);
  });
});

// Cuts of 0..100 become shares; tags are free.
const liveTraffic: fc.Arbitrary<Traffic> = fc
  .record({
    cuts: fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 6 }),
    tags: fc.uniqueArray(fc.constantFrom('pr-1', 'pr-2', 'stable'), { maxLength: 3 }),
  })
  .map(({ cuts, tags }) => {
    const edges = [0, ...[...cuts].sort((a, b) => a - b), 100];
    const targets = edges
      .slice(1)
      .map((edge, place) => ({ revision: `r${place}`, percent: edge - (edges[place] ?? 0) }));
    return trafficOf([...targets, ...tags.map((tag) => ({ tag, revision: 'r0', percent: 0 }))], undefined);
  });

import { describe, expect, test } from '@jest/globals';
import {
  formatJournal,
  type Journal,
  JOURNAL_ANNOTATION,
  journalOf,
  type KnownRevision,
  planRollback,
  planStage,
  recordReturn,
  recordShift,
  type RollbackFacts,
  type Traffic,
} from './index.ts';

const revision = (name: string, minute: number, more: Partial<KnownRevision> = {}): KnownRevision => ({
  name,
  createTime: `2026-01-01T00:${String(minute).padStart(2, '0')}:00Z`,
  isReady: true,
  isOurs: false,
  ...more,
});
const all = (name: string): Traffic => ({ shares: [{ revision: name, percent: 100 }], tags: [] });

const facts = (more: Partial<RollbackFacts>): RollbackFacts => ({
  service: 'agent',
  live: all('agent-00043-ccc'),
  effective: (more.live ?? all('agent-00043-ccc')).shares,
  journal: undefined,
  revisions: [
    revision('agent-00043-ccc', 3),
    revision('agent-00042-bbb', 2, { version: 'main-1a2b3c4', image: 'r/agent@sha256:bb' }),
    revision('agent-00041-aaa', 1),
  ],
  ...more,
});

describe('a named target (RB-03, RB-04)', () => {
  test.each(['agent-00042-bbb', '00042', '00042-bbb', 'bbb', 'main-1a2b3c4', 'sha256:bb', 'v1'])(
    '"%s" is found',
    (to) => {
      const live: Traffic = { ...all('agent-00043-ccc'), tags: [{ tag: 'v1', revision: 'agent-00042-bbb' }] };

      expect(planRollback(facts({ live, to }))).toMatchObject({
        kind: 'return',
        shares: [{ revision: 'agent-00042-bbb', percent: 100 }],
      });
    },
  );

  test('a short number that fits two revisions is refused and both are named', () => {
    const revisions = [revision('agent-00042-bbb', 2), revision('agent-00042-xyz', 1)];

    expect(() => planRollback(facts({ revisions, to: '00042' }))).toThrow(
      '"00042" fits 2 revisions of service agent: agent-00042-bbb, agent-00042-xyz; name one of them in full',
    );
  });

  test('a part of a number fits nothing', () => {
    expect(() => planRollback(facts({ to: '0042' }))).toThrow('"0042" is no revision of service agent');
  });

  test('a revision that is not ready is refused', () => {
    const revisions = [revision('agent-00042-bbb', 2, { isReady: false })];

    expect(() => planRollback(facts({ revisions, to: '00042' }))).toThrow(
      'revision agent-00042-bbb is not ready and cannot take traffic',
    );
  });

  test('the revision that serves already is left alone', () => {
    expect(planRollback(facts({ to: '00043' }))).toEqual({
      kind: 'nothing',
      because: 'agent-00043-ccc=100 serves already',
    });
  });
});

describe('what is asked for and is not in effect', () => {
  const two = [revision('agent-00042-bbb', 2), revision('agent-00041-aaa', 1)];
  const asked = { ...all('agent-00041-aaa'), tags: [{ tag: 'c-1', revision: 'agent-00043-ccc' }] };
  const rolledBack: Journal = {
    release: 'main-2',
    step: 'rolled-back',
    candidate: 'agent-00042-bbb',
    written: [{ revision: 'agent-00041-aaa', percent: 100 }],
    previous: [{ revision: 'agent-00042-bbb', percent: 100 }],
    served: [],
  };

  test.each([
    ['named', { to: 'agent-00041-aaa' }, 'it was named'],
    ['rolled back to before', { journal: rolledBack }, 'an earlier rollback to it did not take effect'],
  ])('is written again when it is %s', (_, more, because) => {
    const effective = all('agent-00042-bbb').shares;

    expect(planRollback(facts({ live: asked, effective, revisions: two, ...more }))).toEqual({
      kind: 'return',
      shares: [{ revision: 'agent-00041-aaa', percent: 100 }],
      tags: [],
      dropped: [{ tag: 'c-1', revision: 'agent-00043-ccc' }],
      because,
    });
  });
});

test('tags of revisions that are ready stay, those that would hold the traffic back go', () => {
  const tags = [
    { tag: 'pr-7', revision: 'agent-00041-aaa' },
    { tag: 'newest' },
    { tag: 'c-1', revision: 'agent-00042-bbb' },
  ];
  const revisions = [
    revision('agent-00043-ccc', 3),
    revision('agent-00042-bbb', 2, { isReady: false }),
    revision('agent-00041-aaa', 1),
  ];

  const plan = planRollback(facts({ live: { ...all('agent-00043-ccc'), tags }, revisions, to: '00041' }));

  expect(plan).toMatchObject({ tags: tags.slice(0, 2), dropped: tags.slice(2) });
});

describe('the previous revision (RB-02)', () => {
  const shifted = shift(
    shift(undefined, 'agent-00041-aaa', 'agent-00042-bbb'),
    'agent-00042-bbb',
    'agent-00043-ccc',
  );

  test('is what served before the release', () => {
    expect(planRollback(facts({ journal: shifted }))).toMatchObject({
      kind: 'return',
      shares: [{ revision: 'agent-00042-bbb', percent: 100 }],
    });
  });

  test('is an earlier one that served when that is gone', () => {
    const revisions = [revision('agent-00043-ccc', 3), revision('agent-00041-aaa', 1)];

    expect(planRollback(facts({ journal: shifted, revisions }))).toMatchObject({
      shares: [{ revision: 'agent-00041-aaa', percent: 100 }],
    });
  });

  test('without a journal is the newest ready older one that no release of ours made', () => {
    const revisions = [
      revision('agent-00043-ccc', 3),
      revision('agent-failed', 2, { isReady: false }),
      revision('agent-never-gated', 2, { isOurs: true }),
      revision('agent-00041-aaa', 1),
    ];

    expect(planRollback(facts({ revisions }))).toMatchObject({
      shares: [{ revision: 'agent-00041-aaa', percent: 100 }],
    });
  });

  test('is never guessed: with nothing known to have served, the revisions are listed', () => {
    const revisions = [revision('agent-00043-ccc', 3), revision('agent-x', 1, { isOurs: true })];

    expect(() => planRollback(facts({ revisions }))).toThrow(
      'service agent has nothing to go back to: agent-00043-ccc=100 serves and no other revision is known to have served; name one with "to": agent-00043-ccc, agent-x',
    );
  });

  test('a second rollback stays where the first went', () => {
    const live = all('agent-00042-bbb');
    const before = all('agent-00043-ccc').shares;
    const record = { release: 'r', candidate: 'agent-00043-ccc', before, after: live.shares };
    const journal = recordReturn(shifted, 'rolled-back', record);

    expect(planRollback(facts({ live, journal })).kind).toBe('nothing');
  });

  test('a release whose candidate has no traffic is left alone', () => {
    expect(planRollback(facts({ journal: shifted, candidate: 'agent-00044' }))).toEqual({
      kind: 'nothing',
      because: 'candidate agent-00044 has no traffic',
    });
  });

  test('a canary goes back to exactly the split before it', () => {
    const previous = [
      { revision: 'agent-00042-bbb', percent: 80 },
      { revision: 'agent-00041-aaa', percent: 20 },
    ];
    const after = [{ revision: 'agent-00043-ccc', percent: 100 }];
    const journal = recordShift(undefined, {
      release: 'r',
      candidate: 'agent-00043-ccc',
      before: previous,
      after,
    });

    expect(planRollback(facts({ journal }))).toMatchObject({ kind: 'return', shares: previous });
  });
});

describe('planStage', () => {
  const candidate = { release: 'main-1a2b3c4', revision: 'agent-new', tag: 'c-1a2b3c4' };

  test('a first revision gets everything, because Cloud Run has no service without traffic (CR-19)', () => {
    expect(planStage(undefined, candidate)).toMatchObject({
      kind: 'first',
      traffic: {
        shares: [{ revision: 'agent-new', percent: 100 }],
        tags: [{ tag: 'c-1a2b3c4', revision: 'agent-new' }],
      },
    });
  });

  test('shares and foreign tags stay, our last tag is replaced', () => {
    const traffic: Traffic = {
      ...all('agent-old'),
      tags: [
        { tag: 'pr-7', revision: 'agent-old' },
        { tag: 'c-0000000', revision: 'agent-old' },
      ],
    };
    const journal = planStage(undefined, { release: 'r0', revision: 'agent-old', tag: 'c-0000000' }).journal;

    const plan = planStage({ traffic, journal, hasServed: true }, candidate);

    expect(plan.traffic).toEqual({
      shares: [{ revision: 'agent-old', percent: 100 }],
      tags: [
        { tag: 'pr-7', revision: 'agent-old' },
        { tag: 'c-1a2b3c4', revision: 'agent-new' },
      ],
    });
  });

  test('staging again changes nothing', () => {
    const live = { traffic: all('agent-old'), journal: undefined, hasServed: true };
    const first = planStage(live, candidate);

    const again = planStage({ traffic: first.traffic, journal: first.journal, hasServed: true }, candidate);

    expect(again).toMatchObject({ isChange: false, journal: first.journal });
  });

  test('a release that is repeated half-way still knows what served before it', () => {
    const staged = planStage({ traffic: all('agent-old'), journal: undefined, hasServed: true }, candidate);
    const after = [
      { revision: 'agent-old', percent: 90 },
      { revision: 'agent-new', percent: 10 },
    ];
    const record = { release: 'r', candidate: 'agent-new', before: all('agent-old').shares, after };
    const journal = recordShift(staged.journal, record);

    const again = planStage({ traffic: { shares: after, tags: [] }, journal, hasServed: true }, candidate);

    expect(again.journal.previous).toEqual(all('agent-old').shares);
  });
});

test('a journal reads back as it was written', () => {
  const journal = shift(undefined, 'a', 'b');

  expect(journalOf({ [JOURNAL_ANNOTATION]: formatJournal(journal) })).toEqual(journal);
});

test.each(['', '{', '[]', '{"v":2}', 'null'])('an annotation "%s" is no journal', (text) => {
  expect(journalOf({ [JOURNAL_ANNOTATION]: text })).toBeUndefined();
});

function shift(last: Journal | undefined, from: string, to: string): Journal {
  return recordShift(last, {
    release: `release of ${to}`,
    candidate: to,
    before: all(from).shares,
    after: all(to).shares,
  });
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';

import { type HealthExpectation, judgeProbe, type ProbeAnswer } from './index.ts';

const expected: HealthExpectation = {
  contract: 'strict',
  services: ['journal'],
  version: 'main-1a2b3c4',
  revision: 'journal-aaaa',
  dependencies: ['database'],
};

const good = {
  status: 'healthy',
  service: 'journal',
  version: 'main-1a2b3c4',
  revision: 'journal-aaaa',
  dependencies: { database: 'connected', redis: 'connected' },
};

const answered = (body: unknown, status = 200): ProbeAnswer => ({
  kind: 'answered',
  status,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

describe('the strict contract (HG-02, HG-03, HG-04)', () => {
  test('the whole contract from the expected revision is healthy', () => {
    expect(judgeProbe(answered(good), expected)).toEqual({ kind: 'healthy', provenBy: 'revision' });
  });

  test('200 with a disconnected dependency is unhealthy (HG-02, X-09)', () => {
    const body = { ...good, dependencies: { database: 'disconnected' } };

    expect(judgeProbe(answered(body), expected)).toEqual({
      kind: 'unhealthy',
      because: 'dependency "database" is "disconnected", expected "connected"',
    });
  });

  test.each([
    ['status', '"status" is missing, expected "healthy"'],
    ['service', '"service" is missing'],
    ['version', '"version" is missing'],
    ['dependencies', '"dependencies" is missing'],
  ])('a body without "%s" is unhealthy', (key, because) => {
    const body = { ...good, [key]: undefined };

    expect(judgeProbe(answered(body), expected)).toEqual({ kind: 'unhealthy', because });
  });

  test('every fault is named at once', () => {
    const body = { status: 'degraded', service: 'journal', version: 'main-1a2b3c4', dependencies: {} };

    expect(judgeProbe(answered(body, 503), expected)).toEqual({
      kind: 'unhealthy',
      because:
        'answered 503, expected 200; "status" is "degraded", expected "healthy"; dependency "database" is missing',
    });
  });

  test('another service is a wrong service, even with its own version', () => {
    const body = { ...good, service: 'habits', version: 'main-9999999' };

    expect(judgeProbe(answered(body), expected)).toEqual({
      kind: 'unhealthy',
      because: 'wrong service: expected "journal", "habits" answered',
    });
  });

  test('a service may go by its name with and without the suffix of the environment', () => {
    const services = ['journal', 'journal-auto'];

    expect(judgeProbe(answered({ ...good, service: 'journal-auto' }), { ...expected, services }).kind).toBe(
      'healthy',
    );
    expect(judgeProbe(answered({ ...good, service: 'habits' }), { ...expected, services })).toEqual({
      kind: 'unhealthy',
      because: 'wrong service: expected "journal" or "journal-auto", "habits" answered',
    });
  });

  test('the previous version is stale, not unhealthy', () => {
    const body = { ...good, revision: undefined, version: 'main-0000000' };

    expect(judgeProbe(answered(body), expected)).toEqual({
      kind: 'stale',
      because: 'stale version: expected "main-1a2b3c4", "main-0000000" answered',
    });
  });

  test('the previous revision of the same version is stale', () => {
    const body = { ...good, revision: 'journal-bbbb' };

    expect(judgeProbe(answered(body), expected)).toEqual({
      kind: 'stale',
      because: 'stale revision: expected "journal-aaaa", "journal-bbbb" answered',
    });
  });

  test('a header that names the revision has precedence over the body', () => {
    const answer: ProbeAnswer = {
      kind: 'answered',
      status: 200,
      contentType: '',
      body: JSON.stringify(good),
      revision: 'journal-old',
    };

    expect(judgeProbe(answer, expected).kind).toBe('stale');
  });

  test('without a revision in the answer the build-unique version is the proof', () => {
    const body = { ...good, revision: undefined };

    expect(judgeProbe(answered(body), expected)).toEqual({ kind: 'healthy', provenBy: 'version' });
  });

  test('an answer that proves nothing of what was expected is inconclusive', () => {
    const revisionOnly: HealthExpectation = {
      contract: 'strict',
      services: [],
      revision: 'journal-aaaa',
      dependencies: [],
    };
    const body = { ...good, revision: undefined };

    expect(judgeProbe(answered(body), revisionOnly).kind).toBe('inconclusive');
  });
});

describe('answers that are not the candidate’s', () => {
  test('a refusal by ingress is said as such', () => {
    const answer: ProbeAnswer = {
      kind: 'answered',
      status: 404,
      contentType: 'text/html; charset=UTF-8',
      body: '<html>',
    };

    expect(judgeProbe(answer, expected)).toEqual({
      kind: 'inconclusive',
      because: expect.stringContaining('refuses by ingress'),
    });
  });

  test('a refusal by IAM names the role', () => {
    const answer: ProbeAnswer = {
      kind: 'answered',
      status: 403,
      contentType: 'text/html',
      body: '<html><title>403 Forbidden</title>',
    };

    expect(judgeProbe(answer, expected)).toEqual({
      kind: 'inconclusive',
      because: expect.stringContaining('roles/run.invoker'),
    });
  });

  test('nobody listening is inconclusive', () => {
    const answer: ProbeAnswer = { kind: 'unreachable', because: 'connect ECONNREFUSED 127.0.0.1:9' };

    expect(judgeProbe(answer, expected)).toEqual({
      kind: 'inconclusive',
      because: 'connect ECONNREFUSED 127.0.0.1:9',
    });
  });
});

describe('the status contract', () => {
  const lenient: HealthExpectation = {
    contract: 'status',
    services: [],
    revision: 'web-aaaa',
    dependencies: [],
  };

  test('any 2xx is healthy, proven by nothing', () => {
    expect(judgeProbe(answered('hello', 204), lenient)).toEqual({ kind: 'healthy', provenBy: 'nothing' });
  });

  test('a 500 is unhealthy', () => {
    expect(judgeProbe(answered({}, 500), lenient)).toEqual({
      kind: 'unhealthy',
      because: 'answered 500, expected 2xx',
    });
  });

  test('an answer that names another revision is stale', () => {
    expect(judgeProbe(answered({ revision: 'web-bbbb' }), lenient).kind).toBe('stale');
  });
});

describe('properties', () => {
  const answers: fc.Arbitrary<ProbeAnswer> = fc.oneof(
    fc.record({ kind: fc.constant('unreachable' as const), because: fc.string() }),
    fc.record({
      kind: fc.constant('answered' as const),
      status: fc.integer({ min: 100, max: 599 }),
      contentType: fc.constantFrom('application/json', 'text/html', ''),
      body: fc.oneof(fc.string(), fc.json(), fc.constant(JSON.stringify(good))),
    }),
  );

  test('any answer gets a verdict, and only 200 can be healthy in strict', () => {
    fc.assert(
      fc.property(answers, (answer) => {
        const verdict = judgeProbe(answer, expected);
        const may = answer.kind === 'answered' && answer.status === 200;
        return verdict.kind !== 'healthy' || may;
      }),
    );
  });

  test('taking any key away from a healthy body is never healthier than stale', () => {
    fc.assert(
      fc.property(fc.constantFrom('status', 'service', 'version', 'dependencies'), (key) => {
        return judgeProbe(answered({ ...good, [key]: undefined }), expected).kind === 'unhealthy';
      }),
    );
  });

  test('one dependency that is anything but connected makes it unhealthy', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.jsonValue().filter((state) => state !== 'connected'),
        (name, state) => {
          const dependencies = Object.fromEntries([
            ['database', 'connected'],
            [`x${name}`, state],
          ]);
          return judgeProbe(answered({ ...good, dependencies }), expected).kind === 'unhealthy';
        },
      ),
    );
  });
});

import { createServer, type RequestListener } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { setTimeout } from 'node:timers/promises';

import { systemClock } from '@fairlead/action-kit';

import { describe, expect, test } from '@jest/globals';

import type { DataPlane, InstanceCount } from '../../data-plane.ts';
import { type Launch, StartFailure } from '../containers/engine.ts';
import { listening, type Program, serving } from '../test-engine.ts';
import { revisionSpec, service } from '../test-specs.ts';

/** Instances that hold their requests until they are told to answer. */
function holding(): {
  readonly program: Program;
  readonly arrived: (count: number) => Promise<void>;
  readonly answer: () => void;
} {
  const held: (() => void)[] = [];
  const waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let seen = 0;
  return {
    program: http((_request, response, launch) => {
      seen += 1;
      held.push(() => response.end(launch.id));
      waiting
        .filter(({ count }) => count <= seen)
        .forEach(({ resolve }) => {
          resolve();
        });
    }),
    arrived: (count) =>
      new Promise((resolve) => {
        waiting.push({ count, resolve });
        if (seen >= count) resolve();
      }),
    answer: () => {
      held.splice(0).forEach((end) => {
        end();
      });
    },
  };
}

function http(listener: (...asked: [...Parameters<RequestListener>, Launch]) => void): Program {
  return async (port, launch) => {
    const server = await listening(
      createServer((request, response) => {
        listener(request, response, launch);
      }),
      port,
    );
    return {
      server,
      cut: () => {
        server.closeAllConnections();
      },
    };
  };
}

const tellsInstance = http((_request, response, launch) => response.end(launch.id));

async function get(url: string): Promise<string> {
  const response = await fetch(url);
  return `${response.status} ${await response.text()}`;
}

function ask(url: string, times: number): Promise<string[]> {
  return Promise.all(Array.from({ length: times }, () => get(url)));
}

/** Resolves when the counts of `web-1` are these, also those that hold as the watch begins. */
function counted(
  { plane }: { readonly plane: DataPlane },
  wanted: Partial<InstanceCount>,
): Promise<InstanceCount> {
  return new Promise((resolve) => {
    plane.watchInstances((count) => {
      const isMeant = count.revision === revisionSpec('').name;
      if (isMeant && isDeepStrictEqual({ ...count, ...wanted }, count)) resolve(count);
    });
  });
}

describe('requests', () => {
  test('beyond the concurrency of one instance start the next', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { spec: { concurrency: 2 } });

    const answers = ask(at.url, 5);
    await arrived(5);
    const instances = at.plane.stats(revisionSpec('').name)?.instances;
    answer();

    expect(instances).toBe(3);
    expect(new Set(await answers).size).toBe(3);
  });

  test('wait for room when all instances that there may be are full', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { spec: { concurrency: 1, maxInstances: 2 } });

    const answers = ask(at.url, 3);
    await arrived(2);
    answer();
    await arrived(3);
    answer();

    expect((await answers).map((said) => said.slice(0, 3))).toEqual(['200', '200', '200']);
    expect(at.engine.launches).toHaveLength(2);
  });

  test('that found no room in time are answered 429', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, {
      spec: { concurrency: 1, maxInstances: 1 },
      options: { queueMs: 50 },
    });

    const first = get(at.url);
    await arrived(1);
    const second = await get(at.url);
    answer();

    expect(second).toBe('429 Rate exceeded.\n');
    expect(await first).toMatch(/^200 /);
    expect(at.plane.stats(revisionSpec('').name)).toMatchObject({ byClass: { '2xx': 1, '4xx': 1 } });
    expect(at.plane.logs({ revision: revisionSpec('').name }).at(-1)?.text).toMatch(
      /^The request was aborted because there was no available instance\. /,
    );
  });

  test('are spread over the warm instances', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { spec: { minInstances: 3 } });
    await counted(at, { warm: 3 });

    const answers = ask(at.url, 6);
    await arrived(6);
    answer();

    const said = await answers;
    expect([...new Set(said)].map((one) => said.filter((other) => other === one).length)).toEqual([2, 2, 2]);
  });

  test('wait for an instance that starts for longer than they wait for room', async () => {
    const delaysMs = [0, 100];
    const program: Program = async (port, launch) => {
      await setTimeout(delaysMs.shift());
      return tellsInstance(port, launch);
    };
    await using at = await serving(program, { options: { queueMs: 10 } });
    const gone = counted(at, { warm: 0 });
    at.engine.kill(0);
    await gone;

    expect(await get(at.url)).toMatch(/^200 /);
  });

  test('get another instance when the one that was started for them does not come up', async () => {
    const held = holding();
    let starts = 0;
    const program: Program = (port, launch) => {
      starts += 1;
      if (starts === 2) throw new StartFailure('HEALTH_CHECK_CONTAINER_ERROR', 'it did not come up');
      return starts === 1 ? held.program(port, launch) : tellsInstance(port, launch);
    };
    await using at = await serving(program, { spec: { concurrency: 1 } });
    const first = get(at.url);
    await held.arrived(1);

    const second = await get(at.url);
    held.answer();

    expect([second.slice(0, 3), (await first).slice(0, 3), starts]).toEqual(['200', '200', 3]);
  });

  test('whose client has gone give up their place in the line', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { spec: { concurrency: 1, maxInstances: 1 } });
    const first = get(at.url);
    await arrived(1);
    const gone = new AbortController();
    const left = fetch(at.url, { signal: gone.signal });

    gone.abort();
    await expect(left).rejects.toThrow('aborted');
    const last = get(at.url);
    answer();
    await first;
    await arrived(2);
    answer();

    expect(await last).toMatch(/^200 /);
  });
});

describe('instances', () => {
  test('up to the minimum are warm without a request, and told of', async () => {
    await using at = await serving(tellsInstance, { spec: { minInstances: 2 } });

    expect(await counted(at, { warm: 2 })).toEqual({
      revision: revisionSpec('').name,
      warm: 2,
      wanted: 2,
    });
  });

  test('beyond the minimum are stopped when they idle, down to the minimum', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, {
      spec: { concurrency: 1, minInstances: 1 },
      options: { scaleDownMs: 30 },
    });
    const answers = ask(at.url, 3);
    await arrived(3);
    const scaledDown = counted(at, { warm: 1 });

    answer();
    await answers;

    expect(await scaledDown).toMatchObject({ warm: 1, wanted: 1 });
  });

  test('go down to none without a minimum, and the next request starts one', async () => {
    await using at = await serving(tellsInstance, { options: { scaleDownMs: 30 } });

    await counted(at, { warm: 0 });

    expect(await get(at.url)).toMatch(/^200 /);
    expect(at.engine.launches).toHaveLength(2);
  });

  test('of a tagged revision without traffic start on request', async () => {
    await using at = await serving(tellsInstance, { options: { idleMs: 1 } });
    await at.plane.startRevision(revisionSpec('', { name: `${service}/revisions/web-2` }));
    await at.plane.setRoutes(service, { targets: [{ revision: 'web-2', percent: 100 }], tags: [] });
    await counted(at, { warm: 0 });

    const { tagUrls } = await at.plane.setRoutes(service, {
      targets: [{ revision: 'web-2', percent: 100 }],
      tags: [{ tag: 'old', revision: 'web-1' }],
    });
    const before = at.plane.stats(revisionSpec('').name)?.instances;

    expect(await get(tagUrls['old'] ?? '')).toMatch(/^200 web-1-/);
    expect(before).toBe(0);
    expect(at.plane.stats(revisionSpec('').name)).toMatchObject({ starts: 2, requests: 1 });
  });

  test('that a service as a whole is to have are divided by the traffic', async () => {
    await using at = await serving(tellsInstance);
    await at.plane.startRevision(revisionSpec('', { name: `${service}/revisions/web-2`, maxInstances: 10 }));
    at.plane.setScaling(service, { minInstances: 4 });

    await at.plane.setRoutes(service, {
      targets: [
        { revision: 'web-1', percent: 75 },
        { revision: 'web-2', percent: 25 },
      ],
      tags: [],
    });

    expect(await counted(at, { warm: 3 })).toMatchObject({ wanted: 3 });
    expect(at.plane.stats(`${service}/revisions/web-2`)?.instances).toBe(1);
  });

  test('are as many as manual scaling says, whatever the requests', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { spec: { concurrency: 1 }, options: { queueMs: 20 } });
    at.plane.setScaling(service, { instances: 2 });
    await counted(at, { warm: 2 });

    const answers = ask(at.url, 2);
    await arrived(2);
    const third = await get(at.url);
    answer();
    await answers;

    expect(third).toMatch(/^429 /);
    expect(at.engine.launches).toHaveLength(2);
  });

  test('none of which may run by manual scaling leave requests unanswered with 503', async () => {
    await using at = await serving(tellsInstance, { options: { queueMs: 20 } });
    at.plane.setScaling(service, { instances: 0 });
    await counted(at, { warm: 0 });

    expect(await get(at.url)).toMatch(/^503 Service Unavailable: /);
  });

  test('of the minimum that end are started again', async () => {
    await using at = await serving(tellsInstance, { spec: { minInstances: 1 } });
    const gone = counted(at, { warm: 0 });

    at.engine.kill(0);

    expect(await gone).toMatchObject({ wanted: 1 });
    expect(await counted(at, { warm: 1 })).toMatchObject({ warm: 1 });
  });

  test('keep their requests when the traffic moves away', async () => {
    const { program, arrived, answer } = holding();
    await using at = await serving(program, { options: { idleMs: 1 } });
    await at.plane.startRevision(revisionSpec('', { name: `${service}/revisions/web-2` }));
    const slow = get(at.url);
    await arrived(1);

    await at.plane.setRoutes(service, { targets: [{ revision: 'web-2', percent: 100 }], tags: [] });
    await counted(at, { wanted: 0 });
    answer();

    expect(await slow).toMatch(/^200 web-1-/);
  });

  test('are told of no more once the watch has ended', async () => {
    const seen: InstanceCount[] = [];
    await using at = await serving(tellsInstance);
    at.plane.watchInstances((count) => seen.push(count))();

    at.plane.setScaling(service, { minInstances: 1 });

    expect(seen.map(({ wanted }) => wanted)).toEqual([0]);
  });
});

test('answers are counted by the minute, by status and by class with its latencies', async () => {
  let now = 120_500;
  const clock = { now: () => now, sleep: systemClock.sleep };
  await using at = await serving(
    http((asked, response) => response.writeHead(Number(asked.url?.slice(1))).end()),
    { options: { clock } },
  );

  await ask(`${at.url}/200`, 2);
  await get(`${at.url}/404`);
  now = 180_000;
  await get(`${at.url}/503`);

  const [first, second] = at.plane.series(revisionSpec('').name);
  const total = (counts: readonly number[] = []) => counts.reduce((sum, count) => sum + count, 0);
  expect(first).toMatchObject({ startMs: 120_000, byStatus: { 200: 2, 404: 1 } });
  expect(total(first?.byClass['2xx']?.counts)).toBe(2);
  expect(second).toMatchObject({ startMs: 180_000, byStatus: { 503: 1 } });
  expect(Object.keys(second?.byClass ?? {})).toEqual(['5xx']);
});

import { setTimeout } from 'node:timers/promises';

import { serviceBody } from '../test-client.ts';
import { childCloud } from './test-child-cloud.ts';

const KEYS = 8;

/** What a writer has been told: the newest number of each key that was acknowledged. */
type Acknowledged = Map<string, number>;

/** Kills the cloud while clients write, as often as asked, and says what was acknowledged and is not there after the restarts. */
export async function killWhileWriting(
  state: string,
  { times, random }: { readonly times: number; readonly random: () => number },
): Promise<{ readonly lost: readonly string[]; readonly writes: number }> {
  const told: Acknowledged = new Map();
  const lost: string[] = [];
  let number = 0;
  const next = () => (number += 1);
  for (let round = 0; round < times; round += 1) {
    await using cloud = await childCloud(state);
    lost.push(...(await missing(cloud.url, told)));
    const writers = [putServices, putObjects].map((write) => write(cloud.url, next, told));
    await setTimeout(random() * 200);
    await cloud.kill();
    await Promise.all(writers);
  }
  await using last = await childCloud(state);
  lost.push(...(await missing(last.url, told)));
  return { lost, writes: number };
}

type Writer = (url: string, next: () => number, told: Acknowledged) => Promise<void>;

const SERVICES = '/v2/projects/p/locations/r/services';

const putServices: Writer = (url, next, told) =>
  untilCut(async () => {
    const number = next();
    const name = `web-${number % KEYS}`;
    const body = JSON.stringify(serviceBody({ description: String(number) }));
    const answer = await fetch(`${url}${SERVICES}/${name}?allowMissing=true`, { method: 'PATCH', body });
    if (answer.ok) told.set(name, number);
    await answer.arrayBuffer();
  });

const putObjects: Writer = (url, next, told) =>
  untilCut(async () => {
    const number = next();
    const name = `object-${number % KEYS}`;
    const path = `/upload/storage/v1/b/bucket/o?uploadType=media&name=${name}`;
    const answer = await fetch(`${url}${path}`, { method: 'POST', body: String(number).padStart(4_000) });
    if (answer.ok) told.set(name, number);
    await answer.arrayBuffer();
  });

async function untilCut(write: () => Promise<void>): Promise<void> {
  try {
    for (;;) await write();
  } catch {
    // The cloud was killed.
  }
}

/** A write that was under way at the kill may be there or not; one that was acknowledged must be, or a later one. */
async function missing(url: string, told: Acknowledged): Promise<readonly string[]> {
  const found = await Promise.all(
    [...told].map(async ([name, number]) => ({ name, number, now: await numberAt(url, name) })),
  );
  return found.flatMap(({ name, number, now }) =>
    now >= number ? [] : [`${name} was acknowledged as ${number} and is ${now}`],
  );
}

async function numberAt(url: string, name: string): Promise<number> {
  if (name.startsWith('object')) return Number(await (await fetch(`${url}/bucket/${name}`)).text());
  const answer = await fetch(`${url}${SERVICES}/${name}`);
  return Number(((await answer.json()) as { readonly description?: string }).description);
}

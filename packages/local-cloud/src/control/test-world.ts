import { type Bends, UNBENT } from './bends.ts';
import { createWorld, type Ids, type World } from './world.ts';

/** For tests: a world whose time counts and whose names are numbered. */
export function testWorld(secrets: Readonly<Record<string, string>> = {}, bends: Bends = UNBENT): World {
  let micros = 1_700_000_000_000_000;
  return createWorld({
    now: () => (micros += 1),
    ids: countingIds(),
    secrets: (name) => secrets[name],
    bends,
  });
}

function countingIds(): Ids {
  let count = 0;
  return {
    uuid: () => `id-${(count += 1)}`,
    suffix: (length) => `a${String((count += 1)).padStart(length - 1, '0')}`,
  };
}

/** For tests: everything that a client could see, to be compared before and after. */
export function snapshot(world: World): unknown {
  return structuredClone({
    services: [...world.services],
    revisions: [...world.revisions],
    jobs: [...world.jobs],
    executions: [...world.executions],
    workerPools: [...world.workerPools],
    workerPoolRevisions: [...world.workerPoolRevisions],
    policies: [...world.policies],
    operations: [...world.operations],
    deleted: [...world.deleted],
    commands: world.commands,
  });
}

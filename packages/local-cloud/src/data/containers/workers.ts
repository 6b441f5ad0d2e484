import type { StartOutcome, WorkerCount, WorkerSpec } from '../../data-plane.ts';
import type { SaidLine } from './tasks.ts';
import type { WorkerLauncher } from './worker-instance.ts';
import { WorkerSet } from './worker-set.ts';

/** The worker pools of a plane. */
export interface Workers {
  readonly start: (spec: WorkerSpec) => Promise<StartOutcome>;
  readonly set: (workerPool: string, counts: readonly WorkerCount[]) => void;
  readonly remove: (revision: string) => Promise<void>;
  readonly removePool: (workerPool: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface WorkersOptions extends Omit<WorkerLauncher, 'say'> {
  readonly say: (revision: string, line: SaidLine) => void;
}

export function workers({ say, ...launcher }: WorkersOptions): Workers {
  const sets = new Map<string, WorkerSet>();
  const made = (spec: WorkerSpec): WorkerSet => {
    const set = new WorkerSet(spec, {
      ...launcher,
      say: (line) => {
        say(spec.name, line);
      },
    });
    sets.set(spec.name, set);
    return set;
  };
  const remove = async (leaving: readonly WorkerSet[]) => {
    for (const { spec } of leaving) sets.delete(spec.name);
    await Promise.all(leaving.map((set) => set.stop()));
  };
  const ofPool = (workerPool: string) =>
    [...sets.values()].filter(({ spec }) => spec.workerPool === workerPool);
  return {
    start: (spec) => (sets.get(spec.name) ?? made(spec)).firstStart(),
    set: (workerPool, counts) => {
      const wanted = new Map(counts.map(({ revision, instances }) => [revision, instances]));
      for (const { revision, spec } of counts) if (spec !== undefined && !sets.has(revision)) made(spec);
      for (const set of ofPool(workerPool)) set.setCount(wanted.get(set.spec.name) ?? 0);
    },
    remove: (revision) => {
      const set = sets.get(revision);
      return remove(set === undefined ? [] : [set]);
    },
    removePool: (workerPool) => remove(ofPool(workerPool)),
    close: () => remove([...sets.values()]),
  };
}

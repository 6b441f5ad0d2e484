import { shortName } from '../../control/names.ts';
import type { OperationRecord, World } from '../../control/world.ts';
import { withoutLogsUrl } from '../words.ts';
import type { State } from './state.ts';

export interface OperationFacts {
  /** The full resource name. */
  readonly id: string;
  readonly name: string;
  /** `Service`, `Job`, …: what it works on, and that resource's full name. */
  readonly kind: string;
  readonly target: string;
  readonly state: State;
  readonly message?: string;
  /** When what it works on was written; absent where the operation does not tell. */
  readonly writtenMs?: number;
}

/** The newest operations, newest first. */
export function newestOperations(world: World, count: number): readonly OperationFacts[] {
  return [...world.operations.values()].slice(-count).reverse().map(operationFacts);
}

function operationFacts({ name, metadata, result }: OperationRecord): OperationFacts {
  const { '@type': type = '', name: target = '', updateTime } = metadata as Metadata;
  const writtenMs = Date.parse(updateTime ?? '');
  return {
    id: name,
    name: shortName(name),
    kind: type.slice(type.lastIndexOf('.') + 1),
    target,
    state: STATES[result.kind],
    ...(result.kind === 'failed' ? { message: `${result.status}: ${withoutLogsUrl(result.message)}` } : {}),
    ...(Number.isNaN(writtenMs) ? {} : { writtenMs }),
  };
}

/** What a resource's message holds that an operation carries. */
interface Metadata {
  readonly '@type'?: string;
  readonly name?: string;
  readonly updateTime?: string;
}

const STATES: Readonly<Record<OperationRecord['result']['kind'], State>> = {
  running: { tone: 'busy', word: 'Running' },
  done: { tone: 'good', word: 'Done' },
  failed: { tone: 'bad', word: 'Failed' },
};

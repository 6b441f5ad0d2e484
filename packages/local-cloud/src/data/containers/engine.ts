import type { ContainerSpec, LogLine, StartFailureReason } from '../../data-plane.ts';

/** What starts containers: a Docker engine, local processes, or nothing at all. */
export interface Engine {
  /** Resolves when the container runs, which says nothing of its health; throws {@link StartFailure} when it cannot be started. */
  readonly start: (launch: Launch) => Promise<Instance>;
  /** Makes empty folders for the containers of one instance, by their names. */
  readonly openFolders: (instance: string, names: readonly string[]) => Promise<SharedFolders>;
  /** Removes what is left of instances that were started under the same cloud id, by this process or one before it. */
  readonly close: () => Promise<void>;
}

/** The empty folders that the containers of one instance share, while it lasts. */
export interface SharedFolders {
  /** By their names: what the engine mounts. */
  readonly places: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

export interface Launch {
  /** Unique in the plane; letters, digits and dashes. */
  readonly id: string;
  /** Its `env` is complete but for what the image itself sets. */
  readonly container: ContainerSpec;
  /** What the engine made for the container's shared folders, by the paths at which it has them. */
  readonly mounts: Readonly<Record<string, string>>;
  /** Whether it is to end by itself. */
  readonly isTask: boolean;
  /** Where the container is told to listen; absent for those that get no requests. */
  readonly port?: number;
  readonly onLine: (stream: LogLine['stream'], text: string) => void;
}

export interface Instance {
  /** Resolves when the container has ended, for whatever reason. Never rejects. */
  readonly exited: Promise<Exit>;
  /** SIGTERM, SIGKILL after the grace time; resolves when nothing of it is left. */
  readonly stop: () => Promise<void>;
}

export type Exit =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'out-of-memory'; readonly limitBytes: number; readonly usedBytes: number };

export function describeExit(exit: Exit): string {
  switch (exit.kind) {
    case 'exited':
      return `Container called exit(${exit.exitCode}).`;
    case 'signalled':
      return `Container terminated on signal ${exit.signal}.`;
    case 'out-of-memory':
      return (
        `Memory limit of ${mebibytes(exit.limitBytes)} exceeded with ${mebibytes(exit.usedBytes)} used. ` +
        'Consider increasing the memory limit, see https://cloud.google.com/run/docs/configuring/memory-limits'
      );
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** A container that could not be started: its image or its command is the reason, not the engine. */
export class StartFailure extends Error {
  readonly reason: StartFailureReason;

  constructor(reason: StartFailureReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartFailure';
    this.reason = reason;
  }
}

/** SIGKILL follows SIGTERM after this time, as in Cloud Run. */
export const stopGraceMs = 10_000;

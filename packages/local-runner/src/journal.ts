import type { Masks } from './masks.ts';

export type Conclusion = 'success' | 'failure' | 'cancelled' | 'skipped';
export type Level = 'error' | 'warning' | 'notice';

export interface Annotation {
  readonly level: Level;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
  readonly endLine?: number;
  readonly column?: number;
  readonly endColumn?: number;
}

export interface Summary {
  readonly job: string;
  readonly step: string;
  readonly text: string;
}

/** One thing that happened, as it is written to the event log: a JSON object a line. Secrets are already hidden. */
type Happening =
  | {
      readonly kind: 'workflow-started';
      readonly workflow: string;
      readonly event: string;
      readonly sha: string;
    }
  | { readonly kind: 'job-waiting'; readonly job: string; readonly group: string }
  | {
      readonly kind: 'job-started';
      readonly job: string;
      readonly name: string;
      readonly environment?: string;
    }
  | { readonly kind: 'step-started'; readonly job: string; readonly step: string }
  | { readonly kind: 'log'; readonly job: string; readonly step: string; readonly line: string }
  | ({ readonly kind: 'annotation'; readonly job: string; readonly step: string } & Annotation)
  | {
      readonly kind: 'output';
      readonly job: string;
      readonly step: string;
      readonly name: string;
      readonly value: string;
    }
  | ({ readonly kind: 'summary' } & Summary)
  | {
      readonly kind: 'step-ended';
      readonly job: string;
      readonly step: string;
      readonly conclusion: Conclusion;
      readonly seconds: number;
    }
  | {
      readonly kind: 'job-ended';
      readonly job: string;
      readonly conclusion: Conclusion;
      readonly seconds: number;
      readonly environmentUrl?: string;
    }
  | { readonly kind: 'workflow-ended'; readonly conclusion: Conclusion; readonly seconds: number };

export type RunEvent = Happening & { readonly time: string };

export interface Journal {
  readonly events: readonly RunEvent[];
  readonly note: (happening: Happening) => void;
}

/** Collects what happens, secrets hidden, and tells `onEvent` at once. */
export function createJournal(masks: Masks, onEvent: ((event: RunEvent) => void) | undefined): Journal {
  const events: RunEvent[] = [];
  const note = (happening: Happening) => {
    const event: RunEvent = { time: new Date().toISOString(), ...hidden(happening, masks) };
    events.push(event);
    onEvent?.(event);
  };
  return { events, note };
}

function hidden<T extends object>(record: T, masks: Masks): T {
  const entries: [string, unknown][] = Object.entries(record);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key,
      typeof value === 'string' && key !== 'kind' ? masks.hide(value) : value,
    ]),
  ) as T;
}

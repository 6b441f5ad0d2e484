import { type Condition, conditionOf, conditionsIn } from './condition.ts';
import { shortName } from './names.ts';
import type { ExecutionTemplate } from './template.ts';
import { numberIn, objectIn, optionalText, textIn, textsIn, type Wire } from './wire.ts';

export interface Job {
  /** `projects/P/locations/R/jobs/J`. */
  readonly name: string;
  readonly etag: string;
  readonly generation: number;
  readonly reconciling: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: ExecutionTemplate;
  readonly executionCount: number;
  readonly terminalCondition?: Condition;
  /** Short name. */
  readonly latestCreatedExecution?: string;
}

export interface Execution {
  /** Short name. */
  readonly name: string;
  readonly createTime: string;
  readonly completionTime?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: ExecutionTemplate['template'];
  readonly taskCount: number;
  readonly runningCount: number;
  readonly succeededCount: number;
  readonly failedCount: number;
  readonly cancelledCount: number;
  readonly retriedCount: number;
  readonly reconciling: boolean;
  readonly conditions: readonly Condition[];
  readonly logUri?: string;
}

export interface Task {
  /** Short name. */
  readonly name: string;
  readonly index: number;
  readonly retried: number;
  readonly completionTime?: string;
  readonly conditions: readonly Condition[];
  readonly lastAttempt?: { readonly exitCode: number; readonly termSignal: number; readonly message: string };
}

export function jobOf(wire: Wire): Job {
  const terminal = objectIn(wire, 'terminalCondition');
  const latest = textIn(objectIn(wire, 'latestCreatedExecution'), 'name');
  return {
    name: textIn(wire, 'name') ?? '',
    etag: textIn(wire, 'etag') ?? '',
    generation: numberIn(wire, 'generation'),
    reconciling: wire['reconciling'] === true,
    labels: textsIn(wire, 'labels'),
    annotations: textsIn(wire, 'annotations'),
    template: objectIn(wire, 'template'),
    executionCount: numberIn(wire, 'executionCount'),
    ...('type' in terminal ? { terminalCondition: conditionOf(terminal) } : {}),
    ...(latest === undefined ? {} : { latestCreatedExecution: shortName(latest) }),
  };
}

export function executionOf(wire: Wire): Execution {
  return {
    name: shortName(textIn(wire, 'name') ?? ''),
    createTime: textIn(wire, 'createTime') ?? '',
    labels: textsIn(wire, 'labels'),
    annotations: textsIn(wire, 'annotations'),
    template: objectIn(wire, 'template'),
    taskCount: numberIn(wire, 'taskCount'),
    runningCount: numberIn(wire, 'runningCount'),
    succeededCount: numberIn(wire, 'succeededCount'),
    failedCount: numberIn(wire, 'failedCount'),
    cancelledCount: numberIn(wire, 'cancelledCount'),
    retriedCount: numberIn(wire, 'retriedCount'),
    reconciling: wire['reconciling'] === true,
    conditions: conditionsIn(wire),
    ...optionalText(wire, 'completionTime'),
    ...optionalText(wire, 'logUri'),
  };
}

export function taskOf(wire: Wire): Task {
  const attempt = objectIn(wire, 'lastAttemptResult');
  const lastAttempt = {
    exitCode: numberIn(attempt, 'exitCode'),
    termSignal: numberIn(attempt, 'termSignal'),
    message: textIn(objectIn(attempt, 'status'), 'message') ?? '',
  };
  return {
    name: shortName(textIn(wire, 'name') ?? ''),
    index: numberIn(wire, 'index'),
    retried: numberIn(wire, 'retried'),
    conditions: conditionsIn(wire),
    ...optionalText(wire, 'completionTime'),
    ...(Object.keys(attempt).length === 0 ? {} : { lastAttempt }),
  };
}

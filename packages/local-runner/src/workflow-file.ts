import { parseWorkflowText, type SourceFile } from './parser.ts';
import { literal, literals, membersOf, type Template } from './template.ts';

export interface WorkflowFile {
  readonly name: string;
  readonly on: Template | undefined;
  /** What a caller gives and gets, when the workflow can be called. */
  readonly call: CallSignature | undefined;
  /** Inputs of a manual run by name. */
  readonly dispatchInputs: Readonly<Record<string, InputDefinition>>;
  readonly env: Template | undefined;
  readonly defaults: Template | undefined;
  readonly permissions: Template | undefined;
  readonly concurrency: Template | undefined;
  readonly jobs: readonly JobTemplate[];
}

interface CallSignature {
  readonly inputs: Readonly<Record<string, InputDefinition>>;
  readonly secrets: Readonly<Record<string, { readonly required: boolean }>>;
  readonly outputs: Readonly<Record<string, Template>>;
}

export interface InputDefinition {
  readonly type: string;
  readonly required: boolean;
  readonly default: Template | undefined;
  readonly options: readonly string[];
}

export interface JobTemplate {
  readonly id: string;
  readonly needs: readonly string[];
  readonly condition: string;
  readonly name: Template | undefined;
  readonly strategy: Template | undefined;
  readonly permissions: Template | undefined;
  readonly concurrency: Template | undefined;
  readonly work: StepsWork | CallWork;
}

export interface StepsWork {
  readonly kind: 'steps';
  readonly env: Template | undefined;
  readonly environment: Template | undefined;
  readonly defaults: Template | undefined;
  readonly outputs: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly needsContainers: boolean;
  readonly steps: readonly StepTemplate[];
}

export interface CallWork {
  readonly kind: 'call';
  readonly uses: string;
  readonly with: Template | undefined;
  readonly secrets: Template | undefined;
}

export interface StepTemplate {
  readonly id: string | undefined;
  readonly name: Template | undefined;
  readonly condition: string;
  readonly env: Template | undefined;
  readonly continueOnError: Template | undefined;
  readonly timeoutMinutes: Template | undefined;
  readonly work: RunWork | UsesWork;
}

export interface RunWork {
  readonly kind: 'run';
  readonly script: Template;
  readonly shell: Template | undefined;
  readonly workingDirectory: Template | undefined;
}

export interface UsesWork {
  readonly kind: 'uses';
  readonly uses: string;
  readonly with: Template | undefined;
}

/** The workflow of a file; throws a `WorkflowError` with all errors of the file. */
export async function readWorkflow(file: SourceFile): Promise<WorkflowFile> {
  const root = membersOf(await parseWorkflowText(file));
  const on = membersOf(root['on']);
  const isCallable = 'workflow_call' in on || literals(root['on']).includes('workflow_call');
  return {
    name: literal(root['name']) ?? file.name,
    on: root['on'],
    call: isCallable ? signatureOf(membersOf(on['workflow_call'])) : undefined,
    dispatchInputs: mapped(membersOf(on['workflow_dispatch'])['inputs'], inputOf),
    env: root['env'],
    defaults: root['defaults'],
    permissions: root['permissions'],
    concurrency: root['concurrency'],
    jobs: Object.entries(membersOf(root['jobs'])).map(([id, job]) => jobOf(id, membersOf(job))),
  };
}

/** A step as it stands in a job or in a composite action. */
export function stepOf(template: Template): StepTemplate {
  const step = membersOf(template);
  return {
    id: literal(step['id']),
    name: step['name'],
    condition: conditionOf(step['if']),
    env: step['env'],
    continueOnError: step['continue-on-error'],
    timeoutMinutes: step['timeout-minutes'],
    work: stepWorkOf(step),
  };
}

type Members = Readonly<Record<string, Template>>;

function stepWorkOf(step: Members): RunWork | UsesWork {
  const uses = literal(step['uses']);
  if (uses !== undefined) return { kind: 'uses', uses, with: step['with'] };
  const script = step['run'] ?? { kind: 'value', value: '' };
  return { kind: 'run', script, shell: step['shell'], workingDirectory: step['working-directory'] };
}

function jobOf(id: string, job: Members): JobTemplate {
  return {
    id,
    needs: literals(job['needs']),
    condition: conditionOf(job['if']),
    name: job['name'],
    strategy: job['strategy'],
    permissions: job['permissions'],
    concurrency: job['concurrency'],
    work: jobWorkOf(job),
  };
}

function jobWorkOf(job: Members): StepsWork | CallWork {
  const uses = literal(job['uses']);
  if (uses !== undefined) return { kind: 'call', uses, with: job['with'], secrets: job['secrets'] };
  return {
    kind: 'steps',
    env: job['env'],
    environment: job['environment'],
    defaults: job['defaults'],
    outputs: job['outputs'],
    timeoutMinutes: job['timeout-minutes'],
    continueOnError: job['continue-on-error'],
    needsContainers: job['container'] !== undefined || job['services'] !== undefined,
    steps: job['steps']?.kind === 'list' ? job['steps'].items.map(stepOf) : [],
  };
}

function signatureOf(call: Members): CallSignature {
  return {
    inputs: mapped(call['inputs'], inputOf),
    secrets: mapped(call['secrets'], (secret) => ({ required: literal(secret['required']) === 'true' })),
    outputs: mapped(call['outputs'], (output) => output['value'] ?? { kind: 'value', value: '' }),
  };
}

function inputOf(input: Members): InputDefinition {
  return {
    type: literal(input['type']) ?? 'string',
    required: literal(input['required']) === 'true',
    default: input['default'],
    options: literals(input['options']),
  };
}

function mapped<T>(
  template: Template | undefined,
  convert: (members: Members) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(membersOf(template)).map(([name, member]) => [name, convert(membersOf(member))]),
  );
}

function conditionOf(template: Template | undefined): string {
  return template?.kind === 'expression' ? template.expression : 'success()';
}

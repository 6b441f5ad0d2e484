import type { HealthExpectation } from '@fairlead/health';
import type { SmokeCheck, Unit } from '@fairlead/manifest';
import type { StagedUnit } from '@fairlead/rollout';

import type { GateInputs } from './parse-inputs.ts';

/** One thing that is to be proven healthy, and how. */
export type Candidate = WebCandidate | WorkerCandidate;

export interface WebCandidate {
  readonly kind: 'web';
  readonly name: string;
  /** Without a slash at the end. */
  readonly url: string;
  readonly path: string;
  readonly expected: HealthExpectation;
  readonly attempts: number;
  readonly intervalMs: number;
  readonly smoke: readonly SmokeCheck[];
  readonly subgraph?: CommittedSubgraph;
}

export interface WorkerCandidate {
  readonly kind: 'worker';
  readonly name: string;
  readonly staged: StagedUnit;
}

export interface CommittedSubgraph {
  readonly path: string;
  /** File of the committed schema. */
  readonly file: string;
}

/** The candidates of the inputs, with what the manifest knows of them; `units` is empty where there is no manifest. */
export function candidatesOf(inputs: GateInputs, units: readonly Unit[]): readonly Candidate[] {
  const { subject } = inputs;
  if (subject.kind === 'release')
    return subject.units.map((staged) =>
      candidateOf(
        staged,
        units.find(({ name }) => name === staged.unit),
        inputs,
      ),
    );
  const { url, service, version, revision } = subject;
  return [
    {
      kind: 'web',
      name: service ?? new URL(url).host,
      url,
      ...settingsOf(undefined, 'strict', inputs),
      expected: {
        contract: inputs.contract ?? 'strict',
        services: service === undefined ? [] : [service],
        ...(version === undefined ? {} : { version }),
        ...(revision === undefined ? {} : { revision }),
        dependencies: [],
      },
      smoke: [],
    },
  ];
}

function candidateOf(staged: StagedUnit, unit: Unit | undefined, inputs: GateInputs): Candidate {
  const { unit: name, kind, tagUrl } = staged;
  if (kind === 'worker' || tagUrl === undefined) return { kind: 'worker', name, staged };
  const contract = inputs.contract ?? unit?.health?.contract ?? (kind === 'web' ? 'status' : 'strict');
  return {
    kind: 'web',
    name,
    url: tagUrl.replace(/\/$/, ''),
    ...settingsOf(unit, contract, inputs),
    expected: {
      contract,
      services: servicesOf(staged, unit),
      version: staged.version,
      revision: staged.revision,
      dependencies: unit?.health?.dependencies ?? [],
    },
    smoke: unit?.smoke ?? [],
    ...(unit?.subgraph === undefined || !inputs.checkSubgraphs
      ? {}
      : { subgraph: { path: unit.subgraph.path, file: unit.subgraph.schema } }),
  };
}

function settingsOf(unit: Unit | undefined, contract: 'strict' | 'status', inputs: GateInputs) {
  return {
    path: inputs.path ?? unit?.health?.path ?? (contract === 'strict' ? '/health' : '/'),
    attempts: inputs.attempts ?? unit?.health?.attempts ?? 30,
    intervalMs: inputs.intervalMs ?? unit?.health?.intervalMs ?? 5000,
  };
}

// An application that answers with a name of its own does not know the environment's suffix; one that answers with
// K_SERVICE does. A name that the manifest spells out is the only one.
function servicesOf({ service }: StagedUnit, unit: Unit | undefined): readonly string[] {
  const written = unit?.health?.service ?? unit?.service ?? service;
  return unit === undefined || written === unit.service ? [...new Set([written, service])] : [written];
}

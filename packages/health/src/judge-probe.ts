import { type HealthBody, readBody } from './health-body.ts';
import type { Answered, HealthExpectation, ProbeAnswer, ProbeVerdict } from './probe.ts';
import { refusalOf } from './refusal.ts';

/**
 * One answer against the health contract. Who answered is settled before how it feels: a wrong service, then another
 * revision or version, then the contract itself. A strict answer that proves neither revision nor version, though one
 * was expected, is inconclusive.
 */
export function judgeProbe(answer: ProbeAnswer, expected: HealthExpectation): ProbeVerdict {
  if (answer.kind === 'unreachable') return { kind: 'inconclusive', because: answer.because };
  const body = readBody(answer.body);
  return (
    refusedBeforeTheContainer(answer) ??
    wrongService(body, expected) ??
    anotherRevision(answer, body, expected) ??
    (expected.contract === 'strict' ? brokenContract(answer, body, expected) : brokenStatus(answer)) ??
    proven(answer, body, expected)
  );
}

function refusedBeforeTheContainer(answer: Answered): ProbeVerdict | undefined {
  const because = refusalOf(answer);
  return because === undefined ? undefined : { kind: 'inconclusive', because };
}

function wrongService(body: HealthBody, { contract, services }: HealthExpectation): ProbeVerdict | undefined {
  const found = body.text('service');
  if (contract === 'status' || services.length === 0 || found === undefined || services.includes(found))
    return undefined;
  const names = services.map((name) => `"${name}"`).join(' or ');
  return { kind: 'unhealthy', because: `wrong service: expected ${names}, "${found}" answered` };
}

function anotherRevision(
  answer: Answered,
  body: HealthBody,
  expected: HealthExpectation,
): ProbeVerdict | undefined {
  const revision = answer.revision ?? body.text('revision');
  if (expected.revision !== undefined && revision !== undefined && revision !== expected.revision)
    return {
      kind: 'stale',
      because: `stale revision: expected "${expected.revision}", "${revision}" answered`,
    };
  const version = body.text('version');
  if (expected.contract === 'strict' && expected.version !== undefined && version !== undefined)
    return version === expected.version
      ? undefined
      : { kind: 'stale', because: `stale version: expected "${expected.version}", "${version}" answered` };
  return undefined;
}

function brokenStatus({ status }: Answered): ProbeVerdict | undefined {
  if (status >= 200 && status < 300) return undefined;
  return { kind: 'unhealthy', because: `answered ${status}, expected 2xx` };
}

function brokenContract(
  answer: Answered,
  body: HealthBody,
  expected: HealthExpectation,
): ProbeVerdict | undefined {
  const faults = [
    ...(answer.status === 200 ? [] : [`answered ${answer.status}, expected 200`]),
    ...(body.isObject ? contractFaults(body, expected) : ['the body is not a JSON object']),
  ];
  return faults.length === 0 ? undefined : { kind: 'unhealthy', because: faults.join('; ') };
}

function contractFaults(body: HealthBody, expected: HealthExpectation): readonly string[] {
  const missing = ['service', 'version'].filter((key) => body.text(key) === undefined);
  const status = body.text('status');
  return [
    ...(status === 'healthy' ? [] : [`"status" is ${quoted(status)}, expected "healthy"`]),
    ...missing.map((key) => `"${key}" is missing`),
    ...dependencyFaults(body, expected.dependencies),
  ];
}

function dependencyFaults(body: HealthBody, required: readonly string[]): readonly string[] {
  const found = body.dependencies;
  if (found === undefined) return ['"dependencies" is missing'];
  const absent = required.filter((name) => !found.some(([key]) => key === name));
  return [
    ...absent.map((name) => `dependency "${name}" is missing`),
    ...found
      .filter(([, state]) => state !== 'connected')
      .map(([name, state]) => `dependency "${name}" is ${quoted(state)}, expected "connected"`),
  ];
}

function proven(answer: Answered, body: HealthBody, expected: HealthExpectation): ProbeVerdict {
  const revision = answer.revision ?? body.text('revision');
  if (expected.revision !== undefined && revision !== undefined)
    return { kind: 'healthy', provenBy: 'revision' };
  if (expected.contract === 'status') return { kind: 'healthy', provenBy: 'nothing' };
  if (expected.version !== undefined) return { kind: 'healthy', provenBy: 'version' };
  if (expected.revision === undefined) return { kind: 'healthy', provenBy: 'nothing' };
  return {
    kind: 'inconclusive',
    because: `the answer does not say which revision it came from: expected "revision": "${expected.revision}" in the body`,
  };
}

function quoted(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}

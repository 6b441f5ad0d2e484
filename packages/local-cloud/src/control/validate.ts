import { checkProbes } from './check-probes.ts';
import { checkIngress, checkTogether } from './check-together.ts';
import { violation } from './cloud-error.ts';
import { isDnsLabel, shortName } from './names.ts';
import type { Container, EnvVar, RevisionTemplate, Service, TaskTemplate } from './resources.ts';
import { durationSeconds } from './time.ts';
import { checkTraffic } from './traffic.ts';

// host[:port]/path[:tag][@digest]; a bare name such as `nginx` is looked up at the default registry.
const IMAGE =
  /^(?:[a-zA-Z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$/;
const IMAGE_RULE = 'must be a container image path in the form [hostname/]repo-path[:tag and/or @digest]';
const RESERVED =
  /^([^/]*\.)?(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;
const MAX_ENV_BYTES = 32 * 1024;

/** Throws the first rule that the service breaks; `at` is the path of the message, as in `CreateServiceRequest.service`. */
export function checkService(at: string, name: string, service: Service): void {
  checkKeys(`${at}.labels`, service.labels);
  checkKeys(`${at}.annotations`, service.annotations);
  if ((service.description ?? '').length > 512)
    throw violation(`${at}.description`, 'at most 512 characters.');
  if (service.template === undefined) throw violation(`${at}.template`, 'should be set.');
  checkTemplate(`${at}.template`, name, service.template);
  checkTraffic(`${at}.traffic`, service.traffic ?? []);
}

/** The rules of the containers that a job's tasks and a service's revisions share. */
function checkContainers(at: string, containers: readonly Container[] | undefined): void {
  if (containers === undefined || containers.length === 0)
    throw violation(`${at}.containers`, 'should be set.');
  containers.forEach((container, index) => {
    checkContainer(`${at}.containers[${index}]`, container);
  });
  checkTogether(at, containers);
}

export function checkKeys(at: string, map: Readonly<Record<string, string>> | undefined): void {
  const reserved = Object.keys(map ?? {}).find((key) => RESERVED.test(key));
  if (reserved !== undefined)
    throw violation(
      `${at}[${reserved}]`,
      `key '${reserved}' is in a namespace that is reserved for system use.`,
    );
}

export function checkTaskTemplate(at: string, template: TaskTemplate): void {
  checkContainers(at, template.containers);
  checkWithin(`${at}.max_retries`, template.maxRetries, [0, 10]);
  const seconds = durationSeconds(template.timeout ?? '600s');
  if (seconds < 1 || seconds > 168 * 3600)
    throw violation(`${at}.timeout`, 'must be between 1 second and 168 hours.');
}

export function checkWithin(
  at: string,
  value: number | undefined,
  [min, max]: readonly [number, number],
): void {
  if (value !== undefined && (value < min || value > max))
    throw violation(at, `must be between ${min} and ${max}, got ${value}.`);
}

function checkTemplate(at: string, service: string, template: RevisionTemplate): void {
  checkKeys(`${at}.labels`, template.labels);
  checkKeys(`${at}.annotations`, template.annotations);
  checkRevisionName(`${at}.revision`, shortName(service), template.revision);
  checkTimeout(`${at}.timeout`, template.timeout);
  checkWithin(`${at}.max_instance_request_concurrency`, template.maxInstanceRequestConcurrency, [0, 1000]);
  checkScaling(`${at}.scaling`, template.scaling ?? {});
  checkContainers(at, template.containers);
  checkIngress(at, template.containers ?? []);
}

function checkRevisionName(at: string, service: string, revision: string | undefined): void {
  if (revision === undefined) return;
  if (!revision.startsWith(`${service}-`))
    throw violation(at, `must start with '${service}-', got '${revision}'.`);
  if (!isDnsLabel(revision, 63))
    throw violation(
      at,
      `must be at most 63 characters of lower-case letters, digits and '-', got '${revision}'.`,
    );
}

function checkTimeout(at: string, timeout: string | undefined): void {
  if (timeout === undefined) return;
  if (durationSeconds(timeout) > 3600) throw violation(at, 'maximum allowed time is one hour.');
  if (durationSeconds(timeout) < 1) throw violation(at, 'minimum allowed time is one second.');
}

function checkScaling(at: string, scaling: NonNullable<RevisionTemplate['scaling']>): void {
  const { minInstanceCount = 0, maxInstanceCount = 0 } = scaling;
  checkWithin(`${at}.min_instance_count`, minInstanceCount, [0, 1000]);
  checkWithin(`${at}.max_instance_count`, maxInstanceCount, [0, 1000]);
  if (maxInstanceCount > 0 && minInstanceCount > maxInstanceCount)
    throw violation(
      `${at}.min_instance_count`,
      `must not be greater than max_instance_count ${maxInstanceCount}, got ${minInstanceCount}.`,
    );
}

function checkContainer(at: string, container: Container): void {
  if (!IMAGE.test(container.image ?? '')) throw violation(`${at}.image`, IMAGE_RULE);
  const names = new Set<string>();
  (container.env ?? []).forEach((variable, index) => {
    checkEnv(`${at}.env[${index}]`, variable, names);
  });
  checkWithin(`${at}.ports[0].container_port`, container.ports?.[0]?.containerPort, [1, 65_535]);
  checkProbes(at, container);
}

function checkEnv(at: string, variable: EnvVar, names: Set<string>): void {
  const { name = '', value = '' } = variable;
  if (name === '') throw violation(`${at}.name`, 'should be set.');
  if (names.has(name)) throw violation(`${at}.name`, `'${name}' is set more than once.`);
  if (['PORT', 'K_SERVICE', 'K_REVISION', 'K_CONFIGURATION'].includes(name))
    throw violation(`${at}.name`, `the following reserved env names were provided: ${name}.`);
  if (Buffer.byteLength(value) > MAX_ENV_BYTES)
    throw violation(`${at}.value`, `at most ${MAX_ENV_BYTES} bytes.`);
  if (variable.valueSource !== undefined && (variable.valueSource.secretKeyRef?.secret ?? '') === '')
    throw violation(`${at}.value_source.secret_key_ref.secret`, 'should be set.');
  names.add(name);
}

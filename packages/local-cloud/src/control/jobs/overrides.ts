import { violation } from '../cloud-error.ts';
import type {
  Container,
  ContainerOverride,
  EnvVar,
  ExecutionTemplate,
  RunOverrides,
  TaskTemplate,
} from '../resources.ts';
import { without } from '../without.ts';

const AT = 'RunJobRequest.overrides';

/** The template of one execution: what the run says for itself goes before what the job says. */
export function withOverrides(template: ExecutionTemplate, overrides: RunOverrides): ExecutionTemplate {
  const { taskCount = 0, timeout } = overrides;
  if (taskCount < 0 || taskCount > 10_000)
    throw violation(`${AT}.task_count`, `must be between 1 and 10000, got ${taskCount}.`);
  return {
    ...template,
    ...(taskCount === 0 ? {} : { taskCount }),
    template: {
      ...template.template,
      ...(timeout === undefined ? {} : { timeout }),
      containers: overriddenContainers(template.template ?? {}, overrides.containerOverrides ?? []),
    },
  };
}

function overriddenContainers(
  { containers = [] }: TaskTemplate,
  overrides: readonly ContainerOverride[],
): readonly Container[] {
  overrides.forEach(({ name }, index) => {
    const isKnown =
      name === undefined ? containers.length === 1 : containers.some((one) => one.name === name);
    if (!isKnown)
      throw violation(
        `${AT}.container_overrides[${index}].name`,
        `no container of the job is named '${name ?? ''}'.`,
      );
  });
  return containers.map((container) =>
    overrides
      .filter(({ name }) => name === undefined || name === container.name)
      .reduce(overridden, container),
  );
}

function overridden(container: Container, override: ContainerOverride): Container {
  const { args = [], clearArgs = false, env = [] } = override;
  const base = clearArgs ? without(container, 'args') : container;
  return {
    ...base,
    ...(args.length === 0 ? {} : { args }),
    ...(env.length === 0 ? {} : { env: mergedByName(container.env ?? [], env) }),
  };
}

function mergedByName(before: readonly EnvVar[], given: readonly EnvVar[]): readonly EnvVar[] {
  const names = new Set(given.map(({ name }) => name));
  return [...before.filter(({ name }) => !names.has(name)), ...given];
}

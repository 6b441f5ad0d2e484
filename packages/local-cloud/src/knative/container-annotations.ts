import { ingressContainer } from '../control/template.ts';
import type { Container } from '../control/resources.ts';
import { isSaid, jsonText } from './codecs.ts';
import { mapContainers } from './container.ts';
import { listOf, type Message, messageOf, textOf } from './mapping.ts';

const DEPENDENCIES = 'run.googleapis.com/container-dependencies';
const BASE_IMAGES = 'run.googleapis.com/base-images';
const THROTTLING = 'run.googleapis.com/cpu-throttling';
const BOOST = 'run.googleapis.com/startup-cpu-boost';

export const CONTAINER_ANNOTATIONS: readonly string[] = [DEPENDENCIES, BASE_IMAGES];
export const CPU_ANNOTATIONS: readonly string[] = [THROTTLING, BOOST];

/** What the containers of a v2 template say that v1 says once for all of them, in annotations. */
export function containerAnnotations(template: Message): Message {
  const containers = listOf(template['containers']).map(messageOf);
  return {
    ...byName(DEPENDENCIES, containers, 'dependsOn'),
    ...byName(BASE_IMAGES, containers, 'baseImageUri'),
  };
}

/** The same for the CPU of a service's revisions: v1 knows one setting, that of the container which gets the requests. */
export function cpuAnnotations(template: Message): Message {
  const container = ingressContainer(listOf(template['containers']) as readonly Container[]);
  const { cpuIdle, startupCpuBoost } = messageOf(container.resources);
  return {
    ...(cpuIdle === true ? {} : { [THROTTLING]: 'false' }),
    ...(startupCpuBoost === true ? { [BOOST]: 'true' } : {}),
  };
}

export function withContainerAnnotations(template: Message, annotations: Message): Message {
  const dependencies = parsed(annotations[DEPENDENCIES]);
  const baseImages = parsed(annotations[BASE_IMAGES]);
  return mapContainers(template, ['containers'], (container) => {
    const name = textOf(container['name']);
    return {
      ...container,
      ...(dependencies[name] === undefined ? {} : { dependsOn: dependencies[name] }),
      ...(baseImages[name] === undefined ? {} : { baseImageUri: baseImages[name] }),
    };
  });
}

export function withCpuAnnotations(template: Message, annotations: Message): Message {
  const cpu = {
    ...(isSaid(annotations[THROTTLING], false) ? {} : { cpuIdle: true }),
    ...(isSaid(annotations[BOOST], true) ? { startupCpuBoost: true } : {}),
  };
  return mapContainers(template, ['containers'], (container) => ({
    ...container,
    resources: { ...messageOf(container['resources']), ...cpu },
  }));
}

function byName(key: string, containers: readonly Message[], field: string): Message {
  const said = containers.filter((container) => container[field] !== undefined);
  if (said.length === 0) return {};
  const byContainer = said.map((container) => [textOf(container['name']), container[field]]);
  return { [key]: jsonText.toV1(Object.fromEntries(byContainer)) };
}

function parsed(annotation: unknown): Message {
  return annotation === undefined ? {} : messageOf(jsonText.toV2(annotation));
}

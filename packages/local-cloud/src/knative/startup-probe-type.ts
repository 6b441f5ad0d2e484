import { canonical } from '../control/canonical.ts';
import { withRevisionDefaults } from '../control/template.ts';
import type { RevisionTemplate } from '../control/resources.ts';
import { mapContainers } from './container.ts';
import { listOf, type Message, messageOf } from './mapping.ts';

const LABEL = 'run.googleapis.com/startupProbeType';

/** The label that tells whether a template's startup probe is the one that the API fills in. */
export function probeType(template: Message): Message {
  const probed = listOf(template['containers'])
    .map(messageOf)
    .filter(({ startupProbe }) => startupProbe !== undefined);
  if (probed.length === 0) return {};
  return { [LABEL]: probed.every(hasDefaultProbe) ? 'Default' : 'Custom' };
}

/** A template whose default probe is filled in anew: its port may have changed since. */
export function withoutDefaultProbe(template: Message, labels: unknown): Message {
  if (messageOf(labels)[LABEL] !== 'Default') return template;
  return mapContainers(template, ['containers'], (container) => {
    const { startupProbe, ...rest } = container;
    return startupProbe === undefined || !isDefault(startupProbe) ? container : rest;
  });
}

function hasDefaultProbe(container: Message): boolean {
  const { startupProbe, ...rest } = container;
  const [filled] = withDefaults(rest).containers ?? [];
  return canonical(filled?.startupProbe ?? null) === canonical(startupProbe);
}

function isDefault(probe: unknown): boolean {
  const { tcpSocket, ...rest } = messageOf(probe);
  const [filled] = withDefaults({}).containers ?? [];
  const { tcpSocket: ours, ...others } = messageOf(filled?.startupProbe);
  return tcpSocket !== undefined && ours !== undefined && canonical(rest) === canonical(others);
}

function withDefaults(container: Message): RevisionTemplate {
  return withRevisionDefaults({ containers: [container] }, '');
}

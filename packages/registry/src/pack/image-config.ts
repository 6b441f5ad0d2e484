import type { Pack } from '@fairlead/manifest';

import { isRecord, type Json } from '../json.ts';
import type { BaseImage } from './base-image.ts';

export interface ConfigParts {
  readonly base: BaseImage;
  readonly pack: Pack;
  readonly diffId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Seconds since the epoch. */
  readonly epoch: number;
}

/** The configuration file of the image: the base's, with what the pack settings say over it. A base's entrypoint stays. */
export function imageConfig({ base, pack, diffId, labels, epoch }: ConfigParts): Json {
  const created = new Date(epoch * 1000).toISOString().replace('.000Z', 'Z');
  const inherited = isRecord(base.config['config']) ? base.config['config'] : {};
  const history = Array.isArray(base.config['history']) ? (base.config['history'] as readonly unknown[]) : [];
  return {
    ...base.config,
    created,
    config: {
      ...inherited,
      Env: mergedEnv(inherited['Env'], pack.env),
      WorkingDir: pack.workdir,
      Labels: { ...(isRecord(inherited['Labels']) ? inherited['Labels'] : {}), ...labels },
      ...(pack.command.length > 0 ? { Cmd: pack.command } : {}),
      ...(pack.user === undefined ? {} : { User: pack.user }),
    },
    rootfs: { type: 'layers', diff_ids: [...base.diffIds, diffId] },
    history: [...history, { created, created_by: 'fairlead pack' }],
  };
}

const DEFAULT_PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

function mergedEnv(inherited: unknown, env: Readonly<Record<string, string>>): readonly string[] {
  const before = Array.isArray(inherited) ? inherited.map(String) : [DEFAULT_PATH];
  const kept = before.filter((entry) => !(entry.slice(0, entry.indexOf('=')) in env));
  return [...kept, ...Object.entries(env).map(([key, value]) => `${key}=${value}`)];
}

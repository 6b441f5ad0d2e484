import { matchesBranch } from './branch-pattern.ts';
import type { Environment, Manifest } from './manifest.ts';

/** The environment that a `refs/heads/…` or `refs/tags/…` delivers to; undefined when it delivers nowhere. */
export function environmentFor(manifest: Manifest, ref: string): Environment | undefined {
  const [, kind, name] = /^refs\/(heads|tags)\/(.+)$/s.exec(ref) ?? [];
  if (kind === undefined || name === undefined) return undefined;
  const patterns = ({ branches, tags }: Environment) => (kind === 'heads' ? branches : tags);
  return manifest.environments.find((environment) =>
    patterns(environment).some((pattern) => matchesBranch(pattern, name)),
  );
}

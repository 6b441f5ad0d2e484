import { existsSync } from 'node:fs';
import { join, normalize } from 'node:path';

/**
 * Where the paths of an image lie on this machine: below a folder that is mounted, whether there is a file yet or not, then among the files of this
 * instance (`overlay`: its secrets), then in the unpacked image.
 * The process sees this machine's own `/`, so a path is only found when it is handed over in an argument or in the environment.
 */
export interface ImagePaths {
  /** The place of an absolute path of the image; undefined when the image has no such file. */
  readonly find: (path: string) => string | undefined;
  /** The value with every path of the image in it put in its place: the whole of it, after `=`, or each part between colons. */
  readonly map: (value: string) => string;
}

// These mean the machine that the process runs on, also inside a container; `/` alone is far more often a URL path than a folder.
const neverMapped = /^\/($|(dev|proc|sys)(\/|$))/;

export function imagePaths(
  root: string,
  overlay: string,
  mounts: Readonly<Record<string, string>> = {},
): ImagePaths {
  const find = (path: string): string | undefined => {
    if (!path.startsWith('/') || neverMapped.test(path) || path.includes('\0')) return undefined;
    return (
      mounted(mounts, path) ?? [join(overlay, path), join(root, path)].find((place) => existsSync(place))
    );
  };
  const mapList = (value: string): string =>
    value
      .split(':')
      .map((part) => find(part) ?? part)
      .join(':');
  const map = (value: string): string => {
    const assigned = /^(-{1,2}[\w-]+=)(\/.*)$/s.exec(value);
    if (assigned !== null) return `${assigned[1] ?? ''}${map(assigned[2] ?? '')}`;
    return value.startsWith('/') ? mapList(value) : value;
  };
  return { find, map };
}

function mounted(mounts: Readonly<Record<string, string>>, path: string): string | undefined {
  const normal = normalize(path);
  for (const [mount, place] of Object.entries(mounts)) {
    const folder = mount.replace(/\/+$/, '');
    if (normal === folder || normal.startsWith(`${folder}/`)) return join(place, normal.slice(folder.length));
  }
  return undefined;
}

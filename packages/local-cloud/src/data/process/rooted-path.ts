import { lstat, mkdir, readlink } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** An image that tries what no honest image does. */
export class RefusedImage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedImage';
  }
}

/** The parts of a path inside an image; throws {@link RefusedImage} for one that climbs. */
export function segmentsOf(name: string): string[] {
  const segments = name.split('/').filter((segment) => segment !== '' && segment !== '.');
  if (segments.includes('..') || name.includes('\0')) {
    throw new RefusedImage(`entry "${name}" leads out of the image`);
  }
  return segments;
}

/**
 * The folder of this machine that `segments` mean inside `root`, made where it is missing. Links on the way are followed; one that leads out is
 * refused.
 */
export async function rootedFolder(root: string, segments: readonly string[]): Promise<string> {
  const resolved = await resolveInside(root, segments);
  const path = join(root, ...resolved);
  await mkdir(path, { recursive: true });
  return path;
}

/** The path on this machine of something inside `root`; its own last part is not followed when it is a link. */
export async function rootedPath(root: string, name: string): Promise<string> {
  const segments = segmentsOf(name);
  const folder = await rootedFolder(root, segments.slice(0, -1));
  return join(folder, segments.at(-1) ?? '.');
}

/** Throws {@link RefusedImage} when a link inside `root` leads out of it, be it through other links. */
export async function expectInside(root: string, path: string): Promise<void> {
  await resolveInside(root, relative(root, path).split('/'));
}

const mostLinks = 40;

async function resolveInside(root: string, segments: readonly string[]): Promise<string[]> {
  const left = [...segments];
  let reached: string[] = [];
  let links = 0;
  for (let segment = left.shift(); segment !== undefined; segment = left.shift()) {
    if (segment === '..') {
      if (reached.pop() === undefined)
        throw new RefusedImage(`"${segments.join('/')}" leads out of the image`);
      continue;
    }
    const target = await linkAt(join(root, ...reached, segment));
    if (target === undefined) {
      reached.push(segment);
      continue;
    }
    links += 1;
    if (links > mostLinks)
      throw new RefusedImage(`more than ${mostLinks} links on the way to "${segments.join('/')}"`);
    if (target.startsWith('/')) reached = [];
    left.unshift(...target.split('/').filter((part) => part !== '' && part !== '.'));
  }
  return reached;
}

async function linkAt(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isSymbolicLink() === true ? readlink(path) : undefined;
}

import { ImageError } from './image-error.ts';

/** What builds images: Docker's buildx plugin, Docker alone, or nothing but calls to the registry. */
export type Builder = 'buildx' | 'docker' | 'pack';

/** What is there to build with. */
export interface BuilderFacts {
  /** Version of the `docker` program. */
  readonly cli?: string;
  /** Version of the engine that it reaches. */
  readonly engine?: string;
  /** Version of the buildx plugin. */
  readonly buildx?: string;
  /** Whether the unit says how it is packed. */
  readonly hasPack: boolean;
  /** The Dockerfile that would be built, as the user names it, and whether it is there. */
  readonly dockerfile: string;
  readonly hasDockerfile: boolean;
}

/** The builder to use. `auto` prefers buildx to docker to pack. Throws an ImageError that names all that is missing. */
export function chooseBuilder(wanted: Builder | 'auto', facts: BuilderFacts): Builder {
  const missing = missingFor(wanted, facts);
  if (missing !== undefined) throw new ImageError('builder-missing', missing);
  if (wanted !== 'auto') return wanted;
  if (!facts.hasDockerfile || facts.engine === undefined) return 'pack';
  return facts.buildx === undefined ? 'docker' : 'buildx';
}

/** Whether Docker must be told to build without BuildKit, which it cannot reach without the plugin since version 23. */
export function needsClassicBuilder({ cli = '', buildx }: Pick<BuilderFacts, 'cli' | 'buildx'>): boolean {
  return buildx === undefined && Number.parseInt(cli, 10) >= 23;
}

function missingFor(wanted: Builder | 'auto', facts: BuilderFacts): string | undefined {
  const noDocker = dockerMissing(wanted === 'buildx', facts);
  const noPack = facts.hasPack ? undefined : 'there are no "pack" settings';
  switch (wanted) {
    case 'pack':
      return noPack && `builder "pack" cannot be used: ${noPack}; write "pack" below the unit's image`;
    case 'docker':
    case 'buildx':
      return noDocker && `builder "${wanted}" cannot be used: ${noDocker}`;
    case 'auto':
      return (
        noDocker &&
        noPack &&
        `no builder can be used: ${noDocker}, and ${noPack}; make Docker answer, or write "pack" below the unit's image`
      );
  }
}

function dockerMissing(needsBuildx: boolean, facts: BuilderFacts): string | undefined {
  if (!facts.hasDockerfile) return `the Dockerfile "${facts.dockerfile}" does not exist`;
  if (facts.cli === undefined) return 'the program "docker" is not on the path';
  if (facts.engine === undefined) return 'no Docker engine answers';
  return needsBuildx && facts.buildx === undefined ? "docker's buildx plugin is not installed" : undefined;
}

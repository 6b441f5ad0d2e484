import { describe, expect, test } from '@jest/globals';

import { type BuilderFacts, chooseBuilder, needsClassicBuilder } from './index.ts';

const DOCKER: BuilderFacts = {
  cli: '28.2.2',
  engine: '28.2.2',
  hasPack: false,
  dockerfile: 'web/Dockerfile',
  hasDockerfile: true,
};
const NOTHING: BuilderFacts = { hasPack: false, dockerfile: 'web/Dockerfile', hasDockerfile: true };

test.each<[string, BuilderFacts, string]>([
  ['buildx where the plugin is there', { ...DOCKER, buildx: 'v0.34.1', hasPack: true }, 'buildx'],
  ['docker without the plugin', { ...DOCKER, hasPack: true }, 'docker'],
  ['pack where no engine answers', { ...NOTHING, cli: '28.2.2', hasPack: true }, 'pack'],
  ['pack where there is no Dockerfile', { ...DOCKER, hasDockerfile: false, hasPack: true }, 'pack'],
])('auto is %s', (_, facts, builder) => {
  expect(chooseBuilder('auto', facts)).toBe(builder);
});

describe('what is missing is named', () => {
  test.each<[Parameters<typeof chooseBuilder>[0], BuilderFacts, string]>([
    [
      'auto',
      NOTHING,
      'the program "docker" is not on the path, and there are no "pack" settings; make Docker answer',
    ],
    ['auto', { ...NOTHING, cli: '28' }, 'no Docker engine answers, and there are no "pack" settings'],
    [
      'docker',
      { ...NOTHING, cli: '28', hasPack: true },
      'builder "docker" cannot be used: no Docker engine answers',
    ],
    ['docker', { ...DOCKER, hasDockerfile: false }, 'the Dockerfile "web/Dockerfile" does not exist'],
    ['buildx', DOCKER, `builder "buildx" cannot be used: docker's buildx plugin is not installed`],
    ['pack', DOCKER, 'builder "pack" cannot be used: there are no "pack" settings'],
  ])('for %s', (wanted, facts, message) => {
    expect(() => chooseBuilder(wanted, facts)).toThrow(message);
  });
});

test.each([
  [{ cli: '28.2.2' }, true],
  [{ cli: '23.0.0' }, true],
  [{ cli: '20.10.24' }, false],
  [{ cli: '28.2.2', buildx: 'v0.34.1' }, false],
])('docker %j builds without BuildKit: %s', (facts, isClassic) => {
  expect(needsClassicBuilder(facts)).toBe(isClassic);
});

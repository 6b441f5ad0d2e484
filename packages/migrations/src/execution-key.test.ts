import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { executionName, executionToken, type MigrationRun } from './index.ts';

const run: MigrationRun = {
  job: 'migrate-journal',
  image: `registry.example/journal@sha256:${'a'.repeat(64)}`,
  command: ['alembic'],
  args: ['upgrade', 'head'],
  attempt: 1,
};

test('the same migration has the same execution name', () => {
  expect(executionName({ ...run, args: [...run.args] })).toBe(executionName(run));
});

test('the registry that the image comes from does not matter, its digest does', () => {
  expect(executionToken({ ...run, image: `other/name@sha256:${'a'.repeat(64)}` })).toBe(executionToken(run));
});

test.each([
  ['digest', { image: `registry.example/journal@sha256:${'b'.repeat(64)}` }],
  ['job', { job: 'migrate-main' }],
  ['command', { command: ['python'] }],
  ['arguments', { args: ['upgrade head'] }],
  ['attempt', { attempt: 2 }],
])('another %s is another execution', (_, change) => {
  expect(executionToken({ ...run, ...change })).not.toBe(executionToken(run));
});

test('the name is a resource name shorter than 63 characters', () => {
  const jobs = fc.stringMatching(/^[a-z][a-z0-9-]{0,47}[a-z0-9]$/).filter((job) => job.length <= 49);
  fc.assert(
    fc.property(jobs, fc.array(fc.string()), fc.nat(), (job, args, attempt) =>
      /^[a-z][a-z0-9-]{0,60}[a-z0-9]$/.test(executionName({ ...run, job, args, attempt })),
    ),
  );
});

test('an image that is not named by digest is refused', () => {
  expect(() => executionToken({ ...run, image: 'registry.example/journal:main-1a2b3c4' })).toThrow(
    'image must be named by digest (…@sha256:…), got "registry.example/journal:main-1a2b3c4"',
  );
});

test('a job name that leaves no room is refused', () => {
  expect(() => executionToken({ ...run, job: 'j'.repeat(50) })).toThrow(
    "has 50 characters, at most 49 leave room for the execution's name",
  );
});

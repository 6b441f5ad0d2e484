import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

import { type LocalGithub, startLocalGithub } from './index.ts';

const STORY = fileURLToPath(new URL('../testdata/artifact-story.mjs', import.meta.url));

test('GitHub’s own client uploads, lists, downloads by digest and deletes an artifact, and a second of the same name is refused', async () => {
  await using github = await startLocalGithub();
  await using folder = await temporaryFolder();

  const seen = await runStory(github, folder.path);

  expect(seen).toEqual({
    listed: [{ name: 'plan', isDigest: true }],
    again: expect.stringContaining('already exists'),
    mismatch: false,
    same: true,
    left: 0,
  });
});

async function runStory(github: LocalGithub, folder: string): Promise<unknown> {
  const subject = {
    repository: 'acme/shop',
    repositoryId: '1',
    ownerId: '2',
    ref: 'refs/heads/main',
    sha: 'a'.repeat(40),
    workflowRef: 'acme/shop/.github/workflows/plan.yml@refs/heads/main',
    jobWorkflowRef: 'acme/shop/.github/workflows/plan.yml@refs/heads/main',
    event: 'push',
  };
  const { stdout } = await promisify(execFile)(process.execPath, [STORY, folder], {
    timeout: 60_000,
    env: {
      PATH: process.env['PATH'],
      GITHUB_WORKSPACE: folder,
      ...github.jobEnvironment(subject, { requestIdToken: false }),
    },
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'fairlead-artifact-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

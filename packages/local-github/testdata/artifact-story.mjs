// What a job does with GitHub's own artifact client; prints what it saw as one JSON line.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { DefaultArtifactClient } from '@actions/artifact';

const folder = process.argv[2];
const client = new DefaultArtifactClient();
const file = join(folder, 'plan.json');
await writeFile(file, JSON.stringify({ plan: 'x'.repeat(100_000) }));
const uploaded = await client.uploadArtifact('plan', [file], folder);
const { artifacts } = await client.listArtifacts();
const again = await client.uploadArtifact('plan', [file], folder).then(
  () => 'accepted',
  (thrown) => thrown.message,
);
const downloaded = await client.downloadArtifact(uploaded.id, {
  path: join(folder, 'down'),
  expectedHash: `sha256:${uploaded.digest}`,
});
const same =
  (await readFile(join(folder, 'down', 'plan.json'), 'utf8')) === (await readFile(file, 'utf8'));
await client.deleteArtifact('plan');
const left = (await client.listArtifacts()).artifacts.length;
console.log(
  JSON.stringify({
    listed: artifacts.map(({ name, digest }) => ({ name, isDigest: digest === `sha256:${uploaded.digest}` })),
    again,
    mismatch: downloaded.digestMismatch,
    same,
    left,
  }),
);

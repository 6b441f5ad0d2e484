import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Client } from 'pg';

import { startPostgres } from './postgres.ts';

test('PostgreSQL from npm starts for any user and answers queries on a database of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fairlead-e2e-'));
  await using postgres = await startPostgres(folder);

  const client = new Client({ connectionString: await postgres.database('habits') });
  await client.connect();
  const { rows } = await client.query('select current_database() as name');
  await client.end();

  expect(rows).toEqual([{ name: 'habits' }]);
  await rm(folder, { recursive: true, force: true });
});

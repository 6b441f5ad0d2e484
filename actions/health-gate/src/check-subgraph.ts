import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { type ActionContext, ActionFailure, messageOf } from '@fairlead/action-kit';
import { judgeSmoke, type ProbeAnswer, type ProbeVerdict } from '@fairlead/health';

import { ask, type Asking } from './ask.ts';
import type { WebCandidate } from './candidate.ts';
import type { CheckFinding } from './check-smoke.ts';

const QUERY = JSON.stringify({ query: '{ _service { sdl } }' });

/** Whether a subgraph serves the schema that is committed, which is the one that the supergraph was composed of. */
export async function checkSubgraph(
  { url, subgraph }: WebCandidate,
  { env }: Pick<ActionContext, 'env'>,
  asking: Asking,
): Promise<readonly CheckFinding[]> {
  if (subgraph === undefined) return [];
  const committed = await committedSchema(subgraph.file, env['GITHUB_WORKSPACE'] ?? '.');
  const answer = await ask({ url: `${url}${subgraph.path}`, method: 'POST', body: QUERY }, asking);
  const verdict = await judgeSchema(answer, { committed, file: subgraph.file });
  return [{ name: 'served schema', verdict }];
}

async function judgeSchema(
  answer: ProbeAnswer,
  { committed, file }: { readonly committed: string; readonly file: string },
): Promise<ProbeVerdict> {
  const verdict = judgeSmoke(answer, { status: 200, isGraphql: true });
  if (verdict.kind !== 'healthy' || answer.kind !== 'answered') return verdict;
  const served = sdlIn(answer.body);
  if (served === undefined)
    return { kind: 'unhealthy', because: 'the answer to { _service { sdl } } has no SDL' };
  // Loaded where it is needed: a release without subgraphs does not pay for the GraphQL libraries.
  const { schemaDifference } = await import('@fairlead/supergraph');
  const differing = schemaDifference(committed, served);
  if (differing.length === 0) return verdict;
  const shown = differing.slice(0, 5).join(', ');
  return {
    kind: 'unhealthy',
    because: `it serves another schema than ${file}: ${shown}${differing.length > 5 ? ', …' : ''} ${differing.length === 1 ? 'differs' : 'differ'}; commit the schema that it serves`,
  };
}

function sdlIn(body: string): string | undefined {
  const result = JSON.parse(body) as { readonly data?: { readonly _service?: { readonly sdl?: unknown } } };
  const sdl = result.data?._service?.sdl;
  return typeof sdl === 'string' ? sdl : undefined;
}

async function committedSchema(file: string, workspace: string): Promise<string> {
  try {
    return await readFile(resolve(workspace, file), 'utf8');
  } catch (thrown) {
    throw new ActionFailure(
      `the schema "${file}" cannot be read (${messageOf(thrown)}); check out the code before this step, or set the input "check-subgraphs" to "false"`,
    );
  }
}

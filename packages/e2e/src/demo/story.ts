import type { WorkflowRun } from '@fairlead/local-runner';

import type { Cloud } from './cloud.ts';
import { deliver, reasonOf, rollBack, type Stage } from './delivery.ts';
import { askGraphql, type Load, startLoad } from './load.ts';
import type { Progress } from './progress.ts';
import type { Push } from './repository.ts';
import { type LiveService, liveServices, requestsOf, servingRevision } from './seen.ts';

/** What the story needs and what it leaves behind for the caller to stop. */
export interface Scene {
  readonly stage: Stage;
  readonly cloud: Cloud;
  readonly progress: Progress;
  readonly first: Push;
  /** Called as soon as requests flow. */
  readonly onLoad: (load: Load) => void;
}

/** What one user's page asks for: it touches three subgraphs, one of them Python on PostgreSQL. */
const PAGE = '{ me { name advice habits { title } } }';
const PAGE_WITH_STREAK = '{ me { habits { title streak } } }';

/** Tells the story from the first push to the rollback; throws at the first thing that is not as it should be. */
export async function tell(scene: Scene): Promise<readonly LiveService[]> {
  await firstDelivery(scene);
  const habits = await habitsChange(scene);
  await sharedChange(scene);
  await badRelease(scene);
  await manualRollback(scene, habits);
  return liveServices(scene.cloud.url);
}

async function firstDelivery({ stage, cloud, progress, first, onLoad }: Scene): Promise<void> {
  await progress.step('Deliver everything', async (say) => {
    const run = await deliver(stage, first, say);
    mustBe('success', run);
    const live = await liveServices(cloud.url);
    return `${live.length} services, built ${built(run).length} images, migrated ${migrated(run)}`;
  });
  const gateway = await gatewayUrl(cloud);
  await progress.step('Ask the graph', async () => {
    const data = await askGraphql(gateway, PAGE);
    return JSON.stringify(data).slice(0, 100);
  });
  onLoad(startLoad({ url: gateway, query: PAGE, senders: 2, pauseMs: 40 }));
}

async function habitsChange({ stage, cloud, progress }: Scene): Promise<Push> {
  const push = await stage.repository.push('01-habits-streak', 'Show streaks: a column, a field');
  await progress.step('Change one service, with a migration', async (say) => {
    const run = await deliver(stage, push, say);
    mustBe('success', run);
    mustEqual('rebuilt units', built(run), ['habits']);
    const data = await askGraphql(await gatewayUrl(cloud), PAGE_WITH_STREAK);
    return `rebuilt ${built(run).join(', ')}; ${JSON.stringify(data).slice(0, 80)}`;
  });
  return push;
}

async function sharedChange({ stage, progress }: Scene): Promise<void> {
  const push = await stage.repository.push('02-shared-package', 'Answer health checks faster');
  await progress.step('Change the shared package', async (say) => {
    const run = await deliver(stage, push, say);
    mustBe('success', run);
    const units = built(run);
    if (units.includes('habits') || !units.includes('journal')) {
      throw new Error(
        `expected every unit that needs the shared package and no other, got ${units.join(', ')}`,
      );
    }
    return `rebuilt ${units.join(', ')}`;
  });
}

async function badRelease({ stage, cloud, progress }: Scene): Promise<void> {
  const before = await servingRevision(cloud.url, 'journal-service');
  const push = await stage.repository.push('03-journal-unhealthy', 'Read journal entries from a new place');
  await progress.step('Release something broken', async (say) => {
    const run = await deliver(stage, push, say);
    mustBe('failure', run);
    const after = await servingRevision(cloud.url, 'journal-service');
    mustEqual('serving revision', after, before);
    const candidate = await requestsOf(cloud.url, { service: 'journal-service', notRevision: before });
    mustEqual('requests from users that reached the candidate', candidate, 0);
    return `caught: ${reasonOf(run).slice(0, 110)}`;
  });
}

async function manualRollback({ stage, cloud, progress }: Scene, { after: sha }: Push): Promise<void> {
  const before = await servingRevision(cloud.url, 'meals-service');
  await progress.step('Roll back by hand', async (say) => {
    const inputs = { environment: 'production', units: 'meals', to: '', reason: 'demo' };
    const run = await rollBack(stage, { sha, inputs }, say);
    mustBe('success', run);
    const after = await servingRevision(cloud.url, 'meals-service');
    if (after === before) throw new Error(`expected another revision than ${before} to serve`);
    return `meals-service: ${before} → ${after}`;
  });
}

async function gatewayUrl(cloud: Cloud): Promise<string> {
  const gateway = (await liveServices(cloud.url)).find(({ name }) => name === 'mesh-gateway');
  if (gateway === undefined) throw new Error('no service named mesh-gateway is live');
  return `${gateway.url}/graphql`;
}

function built(run: WorkflowRun): readonly string[] {
  return run.jobs
    .filter(({ name, conclusion }) => /Build /.test(name) && conclusion === 'success')
    .map(({ name }) => name.replace(/^.*Build /, ''))
    .sort();
}

function migrated(run: WorkflowRun): number {
  return run.jobs
    .flatMap(({ steps }) => steps)
    .filter(({ name, conclusion }) => name === 'Migrate' && conclusion === 'success').length;
}

function mustBe(conclusion: WorkflowRun['conclusion'], run: WorkflowRun): void {
  if (run.conclusion === conclusion) return;
  throw new Error(
    `expected the run to end as ${conclusion}, it ended as ${run.conclusion}: ${reasonOf(run)}`,
  );
}

function mustEqual(what: string, found: unknown, expected: unknown): void {
  if (JSON.stringify(found) === JSON.stringify(expected)) return;
  throw new Error(`expected ${what} to be ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`);
}

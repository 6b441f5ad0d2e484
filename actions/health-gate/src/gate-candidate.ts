import { type ActionContext, poll } from '@fairlead/action-kit';
import {
  excerpt,
  exhausted,
  judgeProbe,
  lookedAt,
  noLooks,
  type ProbeAnswer,
  settled,
  type Streak,
  type Verdict,
} from '@fairlead/health';

import { ask, type Asking } from './ask.ts';
import type { WebCandidate } from './candidate.ts';

/** What came out for one candidate. */
export interface Finding {
  readonly name: string;
  readonly verdict: Verdict;
  readonly attempts: number;
  /** The last body, fit to be shown. */
  readonly last?: string;
}

export interface Gating {
  readonly context: ActionContext;
  readonly asking: Asking;
  readonly successes: number;
  readonly deadlineMs: number;
}

/** Pause between two looks of a row that has begun: long enough that a tag URL that flaps shows it. */
const CONFIRMING_MS = 1000;

/** Asks for the candidate's health until that is settled or time is up. */
export async function gateCandidate(candidate: WebCandidate, gating: Gating): Promise<Finding> {
  const { context, successes, deadlineMs } = gating;
  const patience = { successes, attempts: candidate.attempts };
  let streak: Streak = noLooks;
  let answer: ProbeAnswer | undefined;
  const look = async (): Promise<Verdict | undefined> => {
    answer = await ask({ url: `${candidate.url}${candidate.path}` }, gating.asking);
    const verdict = judgeProbe(answer, candidate.expected);
    logChange(candidate, streak, { context, next: verdict });
    streak = lookedAt(streak, verdict);
    return settled(streak, patience);
  };
  const { clock, signal } = context;
  const polled = await poll(
    async () => {
      let verdict = await look();
      while (verdict === undefined && streak.healthy > 0) {
        await clock.sleep(Math.min(CONFIRMING_MS, candidate.intervalMs), signal);
        verdict = await look();
      }
      return verdict === undefined ? { kind: 'again' } : { kind: 'done', value: verdict };
    },
    { clock, signal, intervalMs: candidate.intervalMs, deadlineMs },
  );
  const verdict = polled.kind === 'done' ? polled.value : exhausted(streak, successes);
  return { name: candidate.name, verdict, attempts: streak.looks, ...lastOf(answer) };
}

interface Changed {
  readonly context: ActionContext;
  readonly next: ReturnType<typeof judgeProbe>;
}

function logChange({ name }: WebCandidate, { last, looks }: Streak, { context, next }: Changed): void {
  const said = sentence(next);
  if (last === undefined || sentence(last) !== said)
    context.log.info(`${name}: attempt ${looks + 1}: ${said}`);
}

function sentence(verdict: ReturnType<typeof judgeProbe>): string {
  return verdict.kind === 'healthy' ? 'healthy' : `${verdict.kind}: ${verdict.because}`;
}

function lastOf(answer: ProbeAnswer | undefined): { readonly last?: string } {
  return answer?.kind === 'answered' ? { last: excerpt(answer.body) } : {};
}

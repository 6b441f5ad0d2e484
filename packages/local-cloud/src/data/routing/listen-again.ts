import { listen, type Listener } from './listener.ts';

/** Listens at the port that an address had in an earlier run, or at a free one where there was none or somebody else has it now. */
export async function listenAgain(
  choose: Parameters<typeof listen>[0],
  kept: number | undefined,
): Promise<Listener> {
  if (kept === undefined) return listen(choose);
  try {
    return await listen(choose, kept);
  } catch {
    return listen(choose);
  }
}

import { writeFile } from 'node:fs/promises';

import { messageOf } from '@fairlead/action-kit';

import { Missing } from './missing.ts';
import type { Step } from './progress.ts';

export interface Report {
  readonly ok: boolean;
  readonly containers: 'docker' | 'process';
  readonly steps: readonly Step[];
  readonly requests: { readonly total: number; readonly failed: number };
}

/** Writes the report where one was asked for; throws `Missing` when it cannot be written. */
export async function writeReport(file: string | undefined, report: Report): Promise<void> {
  if (file === undefined) return;
  try {
    await writeFile(file, `${JSON.stringify(report, undefined, 2)}\n`);
  } catch (thrown) {
    throw new Missing(`expected to write the report to "${file}", but ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

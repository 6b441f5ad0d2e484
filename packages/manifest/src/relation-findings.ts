import { environmentFindings } from './environment-findings.ts';
import type { Finding } from './finding.ts';
import { namingFindings } from './naming-findings.ts';
import { needsFindings } from './needs-findings.ts';
import { outlineOf } from './outline.ts';
import { runFindings, unitFindings } from './unit-findings.ts';

/** Faults between entries that may each be well formed. */
export function relationFindings(value: unknown): readonly Finding[] {
  const outline = outlineOf(value);
  return [
    ...needsFindings(outline),
    ...environmentFindings(outline),
    ...namingFindings(outline),
    ...outline.units.flatMap(unitFindings),
    ...outline.environments.flatMap(runFindings),
  ];
}

import { readSource } from './document.ts';
import type { Fault } from './document.ts';
import type { Manifest } from './manifest.ts';
import type { ManifestError } from './manifest-error.ts';
import { manifestOf } from './manifest-of.ts';
import { relationFindings } from './relation-findings.ts';
import { shapeOf } from './shape-findings.ts';

export type ParsedManifest =
  | { readonly kind: 'manifest'; readonly manifest: Manifest }
  | { readonly kind: 'errors'; readonly errors: readonly ManifestError[] };

/** Reads the text of a manifest: all that is wrong with it comes at once, in the order of the text. Never throws. */
export function parseManifest(text: string, file: string): ParsedManifest {
  const read = readSource(text);
  if (read.kind === 'faults') return failed(read.faults, file);
  const shaped = shapeOf(read.source.value);
  const findings = [
    ...(shaped.kind === 'findings' ? shaped.findings : []),
    ...relationFindings(read.source.value),
  ].map((finding) => ({ ...read.source.placeOf(finding), message: finding.message }));
  const faults = [...read.source.faults, ...findings];
  if (shaped.kind === 'findings' || faults.length > 0) return failed(faults, file);
  return { kind: 'manifest', manifest: manifestOf(shaped.written, file) };
}

function failed(faults: readonly Fault[], file: string): ParsedManifest {
  const errors = faults
    .map(({ line, column, message }) => ({ file, line, column, message }))
    .sort((a, b) => a.line - b.line || a.column - b.column);
  return { kind: 'errors', errors };
}

/** One fault of a manifest, at a place inside its text. Lines and columns count from 1. */
export interface ManifestError {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** `fairlead.yaml:12:7: unit "habits": …`, as compilers print it and editors link it. */
export function formatError({ file, line, column, message }: ManifestError): string {
  return `${file}:${line}:${column}: ${message}`;
}

export interface LogWatch {
  /** For the data plane's option of this name. */
  readonly onLog: (source: string, line: { readonly text: string }) => void;
  /** Resolves when a line `REVISION: TEXT` fits, which may be there already. */
  readonly line: (wanted: RegExp) => Promise<void>;
}

export function logWatch(): LogWatch {
  const seen: string[] = [];
  const waiting: { readonly wanted: RegExp; readonly resolve: () => void }[] = [];
  return {
    onLog: (source, { text }) => {
      const said = `${source.split('/').at(-1) ?? ''}: ${text}`;
      seen.push(said);
      waiting
        .filter(({ wanted }) => wanted.test(said))
        .forEach(({ resolve }) => {
          resolve();
        });
    },
    line: (wanted) =>
      new Promise((resolve) => {
        waiting.push({ wanted, resolve });
        if (seen.some((said) => wanted.test(said))) resolve();
      }),
  };
}

/** One finished step of the demo. */
export interface Step {
  readonly name: string;
  readonly ok: boolean;
  readonly seconds: number;
  /** What was seen, in one line. */
  readonly detail: string;
}

export interface Progress {
  readonly steps: readonly Step[];
  /** Runs one step; its returned text is the detail. A step that throws is recorded as failed and rethrown. */
  readonly step: (name: string, work: (say: (doing: string) => void) => Promise<string>) => Promise<void>;
  readonly say: (line: string) => void;
}

/** Progress for a person: a live line with the seconds where there is a terminal, plain lines where there is none. */
export function progressOn(out: NodeJS.WriteStream): Progress {
  const steps: Step[] = [];
  return {
    steps,
    say: (line) => out.write(`${line}\n`),
    step: async (name, work) => {
      const live = out.isTTY ? liveLine(out, name) : plainLines(out, name);
      const start = performance.now();
      const finish = (ok: boolean, detail: string): void => {
        const seconds = Math.round((performance.now() - start) / 100) / 10;
        steps.push({ name, ok, seconds, detail });
        live.end(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s) ${detail}`);
      };
      try {
        finish(true, await work(live.doing));
      } catch (thrown) {
        finish(false, thrown instanceof Error ? thrown.message : String(thrown));
        throw thrown;
      }
    },
  };
}

interface Live {
  readonly doing: (what: string) => void;
  readonly end: (line: string) => void;
}

function plainLines(out: NodeJS.WriteStream, name: string): Live {
  out.write(`… ${name}\n`);
  return {
    doing: (what) => out.write(`    ${what}\n`),
    end: (line) => out.write(`${line}\n`),
  };
}

function liveLine(out: NodeJS.WriteStream, name: string): Live {
  const start = performance.now();
  let doing = '';
  const draw = (): void => {
    const seconds = Math.round((performance.now() - start) / 1000);
    const line = `… ${name} ${seconds} s ${doing}`;
    out.write(`\r\u001b[K${line.slice(0, (out.columns || 80) - 1)}`);
  };
  const timer = setInterval(draw, 250);
  draw();
  return {
    doing: (what) => {
      doing = what;
      draw();
    },
    end: (line) => {
      clearInterval(timer);
      out.write(`\r\u001b[K${line}\n`);
    },
  };
}

/** The table that the demo ends with. */
export function stepTable(steps: readonly Step[]): string {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps
    .map(
      ({ name, ok, seconds, detail }) =>
        `  ${ok ? '✓' : '✗'} ${name.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s  ${detail}`,
    )
    .join('\n');
}

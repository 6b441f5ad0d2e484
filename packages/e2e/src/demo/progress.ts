import { messageOf } from '@fairlead/action-kit';

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

/** Progress for a person: a live line with the seconds where there is a terminal, plain lines where there is none. No step starts after the signal. */
export function progressOn(out: NodeJS.WriteStream, signal: AbortSignal): Progress {
  const steps: Step[] = [];
  return {
    steps,
    say: (line) => out.write(`${line}\n`),
    step: async (name, work) => {
      signal.throwIfAborted();
      const live = out.isTTY ? liveLine(out, name) : plainLines(out, name);
      const start = performance.now();
      const finish = (ok: boolean, detail: string): void => {
        const seconds = Math.round((performance.now() - start) / 100) / 10;
        steps.push({ name, ok, seconds, detail });
        live.end(`${ok ? '✓' : '✗'} ${name} (${seconds.toFixed(1)} s)`, detail);
      };
      try {
        finish(true, await work(live.doing));
      } catch (thrown) {
        finish(false, messageOf(signal.aborted ? signal.reason : thrown));
        throw thrown;
      }
    },
  };
}

interface Live {
  readonly doing: (what: string) => void;
  readonly end: (line: string, detail: string) => void;
}

function plainLines(out: NodeJS.WriteStream, name: string): Live {
  out.write(`… ${name}\n`);
  return {
    doing: (what) => out.write(`    ${what}\n`),
    end: (line, detail) => out.write(`${line} ${detail}\n`),
  };
}

function liveLine(out: NodeJS.WriteStream, name: string): Live {
  const start = performance.now();
  let doing = '';
  const draw = (): void => {
    const seconds = Math.round((performance.now() - start) / 1000);
    const line = `… ${name} ${seconds} s ${doing}`;
    out.write(`\r\u001b[K${cut(line, columnsOf(out) - 1)}`);
  };
  const timer = setInterval(draw, 250);
  draw();
  return {
    doing: (what) => {
      doing = what;
      draw();
    },
    end: (line, detail) => {
      clearInterval(timer);
      const below = detail.split('\n').map((each) => `    ${cut(each, columnsOf(out) - 5)}\n`);
      out.write(`\r\u001b[K${line}\n${below.join('')}`);
    },
  };
}

/** The columns of a terminal; no limit where there is none. */
export function columnsOf(out: NodeJS.WriteStream): number {
  return out.isTTY ? out.columns || 80 : Infinity;
}

function cut(line: string, columns: number): string {
  const characters = Array.from(line);
  return characters.length <= columns ? line : `${characters.slice(0, columns - 1).join('')}…`;
}

/** The table that the demo ends with, no wider than `columns`. */
export function stepTable(steps: readonly Step[], columns = Infinity): string {
  const width = Math.max(...steps.map(({ name }) => name.length));
  return steps
    .map(({ name, ok, seconds, detail }) => {
      const measured = `${name.padEnd(width)} ${seconds.toFixed(1).padStart(7)} s`;
      return cut(`  ${ok ? '✓' : '✗'} ${measured}  ${detail.replaceAll('\n', ' ')}`, columns);
    })
    .join('\n');
}

import type { Reporter } from './job.ts';
import type { Annotation, Level } from './journal.ts';
import type { Run } from './run.ts';

const LONGEST_MESSAGE = 4096;
const MOST_PER_LEVEL = 10;
const LARGEST_SUMMARY = 1024 * 1024;

/** Reports for one step of a job; the rest is cut off as GitHub does. */
export function createReporter(run: Run, job: string, step: string): Reporter {
  const counts: Record<Level, number> = { error: 0, warning: 0, notice: 0 };
  const line = (text: string) => {
    for (const each of text.split(/\r?\n/)) run.journal.note({ kind: 'log', job, step, line: each });
  };
  const annotate =
    (level: Level) =>
    (message: string, place: Readonly<Record<string, string>> = {}) => {
      line(`##[${level}]${message}`);
      counts[level] += 1;
      if (counts[level] > MOST_PER_LEVEL) return;
      const annotation = {
        job,
        step,
        ...annotationOf(level, run.masks.hide(message).slice(0, LONGEST_MESSAGE), place),
      };
      run.annotations.push(annotation);
      run.journal.note({ kind: 'annotation', ...annotation });
    };
  const error = annotate('error');
  const summary = (text: string) => {
    const bytes = Buffer.byteLength(text);
    if (bytes > LARGEST_SUMMARY) {
      error(
        `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of 1024k, got ${Math.ceil(bytes / 1024)}k`,
      );
      return;
    }
    const hidden = run.masks.hide(text);
    run.summaries.push({ job, step, text: hidden });
    run.journal.note({ kind: 'summary', job, step, text: hidden });
  };
  const output = (name: string, value: string) => {
    run.journal.note({ kind: 'output', job, step, name, value });
  };
  return { line, error, warning: annotate('warning'), notice: annotate('notice'), output, summary };
}

function annotationOf(level: Level, message: string, place: Readonly<Record<string, string>>): Annotation {
  const numbers = {
    line: place['line'],
    endLine: place['endline'],
    column: place['col'],
    endColumn: place['endcolumn'],
  };
  const whole = Object.entries(numbers).flatMap(([name, text]) =>
    text !== undefined && /^\d+$/.test(text) ? [[name, Number(text)] as const] : [],
  );
  return {
    level,
    message,
    ...(place['title'] === undefined ? {} : { title: place['title'] }),
    ...(place['file'] === undefined ? {} : { file: place['file'] }),
    ...Object.fromEntries(whole),
  };
}

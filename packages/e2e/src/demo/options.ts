/** How the demo was asked to run. */
export interface DemoOptions {
  /** Stops at the end instead of staying up for a look. */
  readonly headless: boolean;
  /** Where the JSON report goes. */
  readonly report?: string;
  /** Absent: containers where an engine answers, processes where none does. */
  readonly containers?: 'docker' | 'process';
}

export type ParsedOptions =
  | { readonly kind: 'options'; readonly options: DemoOptions }
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string };

export const usage = `usage: ./demo [--headless] [--report FILE] [--containers=docker|process]

  --headless             stop at the end; without it the system stays up until Ctrl-C
  --report FILE          write the result as JSON
  --containers=docker    insist on real containers; starts its own engine where none runs
  --containers=process   run the images as plain processes, even where an engine answers`;

/** Reads the command line; both \`--name value\` and \`--name=value\` are accepted. */
export function parseOptions(args: readonly string[]): ParsedOptions {
  let options: DemoOptions = { headless: false };
  const words = args.flatMap((arg) => (/^--[a-z]+=/.test(arg) ? split(arg) : [arg]));
  for (let index = 0; index < words.length; index += 1) {
    const [word = '', value = ''] = [words[index], words[index + 1]];
    if (word === '--help' || word === '-h') return { kind: 'help' };
    if (word === '--headless') {
      options = { ...options, headless: true };
    } else if (word === '--report' && value !== '') {
      options = { ...options, report: value };
      index += 1;
    } else if (word === '--containers' && (value === 'docker' || value === 'process')) {
      options = { ...options, containers: value };
      index += 1;
    } else {
      return { kind: 'wrong', message: wrongWord(word, value) };
    }
  }
  return { kind: 'options', options };
}

function split(arg: string): readonly string[] {
  const at = arg.indexOf('=');
  return [arg.slice(0, at), arg.slice(at + 1)];
}

function wrongWord(word: string, value: string): string {
  if (word === '--containers') return `--containers must be "docker" or "process", got "${value}"`;
  if (word === '--report') return '--report needs a file name';
  return `expected --headless, --report or --containers, got "${word}"`;
}

/** A workflow command, such as `::error file=app.js,line=1::message`. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly value: string;
}

const KNOWN = new Set(
  'error warning notice debug group endgroup add-mask stop-commands set-output save-state set-env add-path echo add-matcher remove-matcher'.split(
    ' ',
  ),
);

/** The command of a line of output, if it is one. While commands are stopped, only `stopToken` counts. */
export function parseCommand(line: string, stopToken?: string): Command | undefined {
  const command = parseColons(line.trimStart()) ?? parseBrackets(line);
  if (command === undefined) return undefined;
  if (stopToken !== undefined)
    return command.name.toLowerCase() === stopToken.toLowerCase() ? command : undefined;
  return KNOWN.has(command.name.toLowerCase()) ? { ...command, name: command.name.toLowerCase() } : undefined;
}

function parseColons(line: string): Command | undefined {
  const end = line.startsWith('::') ? line.indexOf('::', 2) : -1;
  if (end < 0) return undefined;
  return commandOf({
    head: line.slice(2, end),
    value: line.slice(end + 2),
    separator: ',',
    unescape: unescapeColons,
  });
}

// The older form, `##[error]message`, is still read by the runner.
function parseBrackets(line: string): Command | undefined {
  const start = line.indexOf('##[');
  const end = start < 0 ? -1 : line.indexOf(']', start);
  if (end < 0) return undefined;
  return commandOf({
    head: line.slice(start + 3, end),
    value: line.slice(end + 1),
    separator: ';',
    unescape: unescapeBrackets,
  });
}

interface Pieces {
  readonly head: string;
  readonly value: string;
  readonly separator: string;
  readonly unescape: (text: string, isProperty: boolean) => string;
}

function commandOf({ head, value, separator, unescape }: Pieces): Command | undefined {
  const [name = '', ...rest] = head.split(' ');
  if (name === '') return undefined;
  const pairs = rest
    .join(' ')
    .trim()
    .split(separator)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([key, text]) => key !== '' && text !== '');
  return {
    name,
    properties: Object.fromEntries(pairs.map(([key, text]) => [key.toLowerCase(), unescape(text, true)])),
    value: unescape(value, false),
  };
}

function unescapeColons(text: string, isProperty: boolean): string {
  const plain = text.replace(/%0D/g, '\r').replace(/%0A/g, '\n');
  return (isProperty ? plain.replace(/%3A/g, ':').replace(/%2C/g, ',') : plain).replace(/%25/g, '%');
}

function unescapeBrackets(text: string): string {
  return text
    .replace(/%3B/g, ';')
    .replace(/%0D/g, '\r')
    .replace(/%0A/g, '\n')
    .replace(/%5D/g, ']')
    .replace(/%25/g, '%');
}

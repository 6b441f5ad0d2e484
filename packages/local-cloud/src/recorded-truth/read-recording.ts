/** One request of a recording and what was answered. Placeholders such as `${projectId}` are still in it. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  /** Text of the JSON that was sent; empty for none. */
  readonly body: string;
  readonly status: number;
  readonly answer: unknown;
}

/** The exchanges of a recording with one host, oldest first: a request, a blank line, its answer; `---` between two of them. */
export function readRecording(text: string, host: string): readonly Recorded[] {
  return text
    .split('\n---\n')
    .map((exchange) => exchange.trim())
    .filter((exchange) => exchange.split('\n')[0]?.includes(` https://${host}/`))
    .map(readExchange);
}

const ANSWER = /\n(?<status>\d{3}) [A-Z][^\n]*\n(?:[^\n]+\n)*\n/;

function readExchange(exchange: string): Recorded {
  const answer = ANSWER.exec(exchange);
  if (answer === null)
    throw new Error(`a recorded exchange must have an answer, got "${exchange.slice(0, 80)}"`);
  const request = exchange.slice(0, answer.index);
  const [method = '', url = ''] = (request.split('\n')[0] ?? '').split(' ');
  const [, ...body] = request.split('\n\n');
  return {
    method,
    url,
    body: body.join('\n\n'),
    status: Number(answer.groups?.['status']),
    answer: JSON.parse(exchange.slice(answer.index + answer[0].length)) as unknown,
  };
}

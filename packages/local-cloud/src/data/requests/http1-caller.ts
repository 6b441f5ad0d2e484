import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';

import type { AnswerHead, Caller, RawHeaders, Refusal, Sizes } from './caller.ts';
import { endToEnd } from './raw-headers.ts';
import { bytesSince } from './socket-bytes.ts';

export class Http1Caller implements Caller {
  readonly expectsContinue: boolean;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse, expectsContinue = false) {
    this.#request = request;
    this.#response = response;
    this.expectsContinue = expectsContinue;
  }

  get method(): string {
    return this.#request.method ?? 'GET';
  }

  get path(): string {
    return this.#request.url ?? '/';
  }

  get protocol(): string {
    return `HTTP/${this.#request.httpVersion}`;
  }

  get host(): string {
    return this.#request.headers.host ?? '';
  }

  get headers(): RawHeaders {
    return endToEnd(this.#request.rawHeaders, this.#request.headers.connection);
  }

  get address(): string {
    return this.#request.socket.remoteAddress ?? '127.0.0.1';
  }

  get hasBody(): boolean {
    const { headers } = this.#request;
    if (headers['transfer-encoding'] !== undefined) return true;
    return headers['content-length'] !== undefined && headers['content-length'] !== '0';
  }

  get body(): IncomingMessage {
    return this.#request;
  }

  get sink(): ServerResponse {
    return this.#response;
  }

  get status(): number | undefined {
    return this.#response.headersSent ? this.#response.statusCode : undefined;
  }

  header(name: string): string | undefined {
    const value = this.#request.headers[name];
    return typeof value === 'string' ? value : value?.join(', ');
  }

  sayContinue(): void {
    this.#response.writeContinue();
  }

  answer({ status, message = '', headers, isAll }: AnswerHead): void {
    const response = this.#response;
    response.writeHead(status, message, headers as string[]);
    if (isAll) {
      response.end();
      return;
    }
    // Headers go with the first bytes of the body when these are here already, and alone when they are late (event streams).
    setImmediate(() => {
      if (!response.writableEnded) response.flushHeaders();
    });
  }

  addTrailers(trailers: RawHeaders): void {
    const kept = endToEnd(trailers, undefined);
    const pairs: [string, string][] = [];
    for (let at = 0; at < kept.length; at += 2) pairs.push([kept[at] ?? '', kept[at + 1] ?? '']);
    try {
      this.#response.addTrailers(pairs);
    } catch {
      // Trailers that cannot be handed on: the answer is not whole.
      this.cut();
    }
  }

  refuse({ status, body, type = 'text/plain; charset=utf-8', headers = [] }: Refusal): void {
    if (this.#response.headersSent) {
      this.cut();
      return;
    }
    // What is left of the request's body is not read: the connection cannot be used again.
    // The reason is said, as that of an answer which could not be handed on would stay otherwise.
    const reason = STATUS_CODES[status] ?? '';
    this.#response.writeHead(status, reason, ['Content-Type', type, ...headers, 'Connection', 'close']);
    this.#response.end(`${body}\n`);
  }

  cut(): void {
    this.#response.destroy();
  }

  sizes(): Sizes {
    return bytesSince(this.#request.socket);
  }

  onClose(listener: () => void): void {
    this.#response.once('close', listener);
  }
}

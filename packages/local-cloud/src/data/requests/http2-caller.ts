import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';

import type { AnswerHead, Caller, RawHeaders, Refusal, Sizes } from './caller.ts';
import { byteLength, endToEnd, headerFields, withoutPseudo } from './raw-headers.ts';

/** A request as the `stream` event of an HTTP/2 server hands it over. */
export interface Http2Request {
  readonly stream: ServerHttp2Stream;
  readonly fields: IncomingHttpHeaders;
  readonly raw: RawHeaders;
}

export class Http2Caller implements Caller {
  readonly #stream: ServerHttp2Stream;
  readonly #fields: IncomingHttpHeaders;
  readonly #raw: RawHeaders;
  #trailers: RawHeaders = [];
  #bodyBytes = 0;
  #answerBytes = 0;

  constructor({ stream, fields, raw }: Http2Request) {
    this.#stream = stream;
    this.#fields = fields;
    this.#raw = raw;
    // A client that goes away is told of by 'close'.
    stream.on('error', () => undefined);
    stream.once('resume', () => {
      stream.on('data', (chunk: Buffer) => {
        this.#bodyBytes += chunk.length;
      });
    });
    stream.once('pipe', (source) => {
      source.on('data', (chunk: Buffer) => {
        this.#answerBytes += chunk.length;
      });
    });
    stream.once('wantTrailers', () => {
      try {
        stream.sendTrailers(headerFields(endToEnd(this.#trailers, undefined)));
      } catch {
        // Trailers that cannot be handed on: the answer is not whole.
        this.cut();
      }
    });
  }

  get method(): string {
    return this.header(':method') ?? 'GET';
  }

  get path(): string {
    return this.header(':path') ?? '/';
  }

  get protocol(): string {
    return 'HTTP/2';
  }

  get host(): string {
    return this.header(':authority') ?? this.header('host') ?? '';
  }

  get headers(): RawHeaders {
    return endToEnd(withoutPseudo(this.#raw), undefined);
  }

  get address(): string {
    return this.#stream.session?.socket.remoteAddress ?? '127.0.0.1';
  }

  get hasBody(): boolean {
    return !this.#stream.endAfterHeaders;
  }

  get body(): ServerHttp2Stream {
    return this.#stream;
  }

  get sink(): ServerHttp2Stream {
    return this.#stream;
  }

  get expectsContinue(): boolean {
    return this.header('expect')?.toLowerCase() === '100-continue';
  }

  get status(): number | undefined {
    return this.#stream.headersSent ? Number(this.#stream.sentHeaders[':status']) : undefined;
  }

  header(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : value?.join(', ');
  }

  sayContinue(): void {
    if (!this.#stream.destroyed) this.#stream.additionalHeaders({ ':status': 100 });
  }

  answer({ status, headers, isAll }: AnswerHead): void {
    if (this.#stream.destroyed) return;
    if (status === 0) throw new RangeError('0 is no status');
    this.#answerBytes += byteLength(headers);
    this.#stream.respond(
      { ...headerFields(headers), ':status': status },
      isAll ? { endStream: true } : { waitForTrailers: true },
    );
  }

  addTrailers(trailers: RawHeaders): void {
    this.#trailers = trailers;
  }

  refuse({ status, body, type = 'text/plain; charset=utf-8', headers = [] }: Refusal): void {
    if (this.#stream.headersSent || this.#stream.destroyed) {
      this.cut();
      return;
    }
    this.#stream.respond({ ...headerFields(headers), ':status': status, 'content-type': type });
    this.#stream.end(`${body}\n`);
    this.#answerBytes += byteLength(headers) + Buffer.byteLength(body) + 1;
    // What is left of the request's body is not wanted.
    this.#stream.once('finish', () => {
      this.#stream.close();
    });
  }

  cut(): void {
    this.#stream.close(INTERNAL_ERROR);
  }

  /** Headers as HTTP/1.1 would write them: how far HTTP/2 has compressed them is not known. */
  sizes(): Sizes {
    return { request: byteLength(this.#raw) + this.#bodyBytes, response: this.#answerBytes };
  }

  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
  }
}

const INTERNAL_ERROR = 2;

import type { Readable, Writable } from 'node:stream';

/** Header names and values in turn, as they came: `['Host', 'x', 'Accept', '*']`. */
export type RawHeaders = readonly string[];

/** A client with one request, whichever version of HTTP it speaks. */
export interface Caller {
  readonly method: string;
  readonly path: string;
  /** `HTTP/1.1`, `HTTP/2` */
  readonly protocol: string;
  /** The host that the client asked for, with the port if it gave one. */
  readonly host: string;
  /** The request's headers without those that belong to the connection, and without `Host`. */
  readonly headers: RawHeaders;
  readonly address: string;
  readonly hasBody: boolean;
  readonly body: Readable;
  /** Whether the client sends its body only when it is told to. */
  readonly expectsContinue: boolean;
  /** Of the answer, once there is one. */
  readonly status: number | undefined;
  /** Where the answer's body goes. Ending it ends the answer. */
  readonly sink: Writable;
  /** One request header by its lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly sayContinue: () => void;
  readonly answer: (head: AnswerHead) => void;
  /** To be sent after the body. */
  readonly addTrailers: (trailers: RawHeaders) => void;
  /** Answers in the platform's name, if nothing was answered yet; otherwise cuts the answer off, as the client must not take half for whole. */
  readonly refuse: (refusal: Refusal) => void;
  /** Cuts the answer off. */
  readonly cut: () => void;
  /** In bytes, of the request and the answer so far; to be asked once, when the answer is complete. */
  readonly sizes: () => Sizes;
  /** Called once, when the answer is complete or the client is gone. */
  readonly onClose: (listener: () => void) => void;
}

/** In bytes, headers included. */
export interface Sizes {
  readonly request: number;
  readonly response: number;
}

export interface AnswerHead {
  readonly status: number;
  readonly message?: string;
  readonly headers: RawHeaders;
  /** Whether neither body nor trailers follow. */
  readonly isAll: boolean;
}

export interface Refusal {
  readonly status: number;
  readonly body: string;
  /** `text/plain` unless told. */
  readonly type?: string;
  readonly headers?: RawHeaders;
  /** What the log of requests says of it; a refusal without it is not logged, as if the request had never come. */
  readonly logged?: string;
}

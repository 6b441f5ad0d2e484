import type { Caller } from '../requests/caller.ts';
import { Http1Caller } from '../requests/http1-caller.ts';
import { Http2Caller } from '../requests/http2-caller.ts';
import { type BothVersions, serveBothVersions } from '../requests/serve-both-versions.ts';
import type { Choose } from './choice.ts';
import { forward } from './forward.ts';
import { refuse } from './refuse.ts';
import { forwardUpgrade } from './upgrade.ts';

/** A port of 127.0.0.1 whose requests go where `choose` says at that moment. */
export interface Listener {
  readonly url: string;
  /** New connections are refused; resolves when the requests in flight have ended. */
  readonly close: () => Promise<void>;
  /** The same, cutting off what is in flight. */
  readonly cut: () => Promise<void>;
}

/** A free port unless told. HTTP/1.1 and HTTP/2 without TLS (with prior knowledge) are spoken at the same port. */
export async function listen(choose: Choose, port = 0): Promise<Listener> {
  const handle = (caller: Caller) => {
    const choice = choose(caller);
    if (choice.kind === 'refused') refuse(caller, choice);
    else void forward(caller, choice);
  };
  const server = serveBothVersions({
    onHttp1: (request, response, expectsContinue) => {
      handle(new Http1Caller(request, response, expectsContinue));
    },
    onHttp2: (request) => {
      handle(new Http2Caller(request));
    },
    onUpgrade: (upgrade) => {
      void forwardUpgrade(upgrade, choose);
    },
  });
  const url = await listening(server, port);
  return { url, close: server.close, cut: server.cut };
}

async function listening(server: BothVersions, wanted: number): Promise<string> {
  await server.listen(wanted);
  const { port } = server.address();
  return `http://127.0.0.1:${port}`;
}

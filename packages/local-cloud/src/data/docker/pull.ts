import { text } from 'node:stream/consumers';

import { StartFailure } from '../containers/engine.ts';
import { type EngineApi, messageIn } from './engine-api.ts';

/** Has the engine pull the image, unless it is named by a digest that the engine has. Throws {@link StartFailure} in Cloud Run's words. */
export async function pull(api: EngineApi, image: string): Promise<void> {
  if (image.includes('@sha256:') && (await hasImage(api, image))) return;
  const response = await api.open({
    method: 'POST',
    path: `/images/create?fromImage=${encodeURIComponent(image)}`,
  });
  const said = await text(response);
  const failure =
    response.statusCode === 200
      ? errorIn(said)
      : messageIn({ status: response.statusCode ?? 0, body: parsed(said) });
  if (failure !== undefined) throw pullFailure(image, failure);
}

async function hasImage(api: EngineApi, image: string): Promise<boolean> {
  const { status } = await api.call({ method: 'GET', path: `/images/${encodeURIComponent(image)}/json` });
  return status === 200;
}

/** A pull that fails on its way has answered 200 long before; its last lines say so. */
function errorIn(said: string): string | undefined {
  const lines = said.split('\n').map((line) => parsed(line) as { readonly error?: string } | undefined);
  return lines.find((line) => line?.error !== undefined)?.error;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // An engine's plain text, or the empty line at the end.
    return undefined;
  }
}

function pullFailure(image: string, said: string): StartFailure {
  const isMissing = /not found|manifest unknown|does not exist|no such image/i.test(said);
  return new StartFailure(
    'CONTAINER_MISSING',
    isMissing ? `Image '${image}' not found.` : `Container import failed: ${said}`,
  );
}

import { unanswered } from './registry-failure.ts';

/** The whole body of an answer; a connection that ends in the middle is a RegistryFailure that may be tried again. */
export async function bytesOf(
  response: Response,
  asked: { readonly registry: string; readonly what: string },
): Promise<Uint8Array> {
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (thrown) {
    throw unanswered(asked, thrown);
  }
}

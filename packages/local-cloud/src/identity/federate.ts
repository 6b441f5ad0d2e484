import type { Message } from '../messages/index.ts';
import { CelError, parseCel, type Variables } from './cel/index.ts';
import { issuerKeys } from './issuer-keys.ts';
import { isSignedBy, readToken } from './json-web-token.ts';
import { OauthError } from './oauth-error.ts';
import { CONDITION_NAMES, type IdentityProvider, MAPPING_NAMES, poolOf } from './provider.ts';

const LARGEST_SUBJECT_BYTES = 127;

/** Who the bearer of an issuer's token is by a provider: the names by which policies may call it. Throws an OauthError as the real service does. */
export async function federate(
  provider: IdentityProvider,
  subjectToken: string,
  nowSeconds: number,
): Promise<readonly string[]> {
  const token = readToken(subjectToken);
  if (token === undefined) throw new OauthError('invalid_grant', 'Unable to parse the ID Token.');
  checkClaims(provider, token.claims, nowSeconds);
  if (!isSignedBy(token, await issuerKeys(provider)))
    throw new OauthError('invalid_grant', 'Unable to verify the signature of the ID Token.');
  const mapped = await mappedAttributes(provider, token.claims);
  await checkCondition(provider, { assertion: token.claims, ...mapped });
  return principalsOf(provider, mapped);
}

function checkClaims(provider: IdentityProvider, { iss, aud, iat, exp }: Message, nowSeconds: number): void {
  if (iss !== provider.issuer)
    throw new OauthError(
      'invalid_grant',
      `The issuer in ID Token ${String(iss)} does not match the expected ones: ${provider.issuer}`,
    );
  const audiences: readonly unknown[] = Array.isArray(aud) ? aud : [aud];
  const allowed = provider.allowedAudiences ?? [
    `https://iam.googleapis.com/${provider.name}`,
    `//iam.googleapis.com/${provider.name}`,
  ];
  if (!audiences.some((audience) => allowed.includes(String(audience))))
    throw new OauthError(
      'invalid_grant',
      `The audience in ID Token [${audiences.join(', ')}] does not match the expected audience.`,
    );
  if (typeof iat !== 'number' || typeof exp !== 'number')
    throw new OauthError('invalid_grant', 'The ID Token must have the claims iat and exp.');
  if (exp <= nowSeconds)
    throw new OauthError('invalid_grant', `ID Token issued at ${iat} is stale to sign-in.`);
  if (iat > nowSeconds + 60)
    throw new OauthError('invalid_grant', `ID Token issued at ${iat} is not yet valid.`);
}

interface Attributes extends Variables {
  readonly google: Readonly<Record<string, unknown>>;
  readonly attribute: Readonly<Record<string, unknown>>;
}

async function mappedAttributes(
  { attributeMapping }: IdentityProvider,
  assertion: Message,
): Promise<Attributes> {
  const values: (readonly [string, unknown])[] = [];
  // One after the other, so that the first that has no value ends it: each may take its time.
  for (const [name, cel] of Object.entries(attributeMapping))
    values.push([name, await mapped(name, cel, assertion)]);
  const under = (owner: string) =>
    Object.fromEntries(
      values.flatMap(([name, value]) =>
        name.startsWith(`${owner}.`) ? [[name.slice(owner.length + 1), value]] : [],
      ),
    );
  const attributes = { google: under('google'), attribute: under('attribute') };
  const subject = attributes.google['subject'];
  if (Buffer.byteLength(String(subject)) > LARGEST_SUBJECT_BYTES)
    throw new OauthError(
      'invalid_request',
      `The size of mapped attribute google.subject exceeds the ${LARGEST_SUBJECT_BYTES} bytes limit. Either modify your attribute mapping or the incoming assertion to produce a mapped attribute that is less than ${LARGEST_SUBJECT_BYTES} bytes.`,
    );
  return attributes;
}

async function mapped(name: string, cel: string, assertion: Message): Promise<unknown> {
  try {
    const value = (await parseCel(cel, MAPPING_NAMES))({ assertion });
    const fits = name === 'google.groups' ? Array.isArray(value) : typeof value === 'string';
    if (fits) return value;
    throw new CelError(`expected ${name === 'google.groups' ? 'a list' : 'a string'}`);
  } catch (thrown) {
    if (!(thrown instanceof CelError)) throw thrown;
    throw new OauthError(
      'invalid_request',
      `Unable to evaluate the mapping of attribute ${name}: ${thrown.message}`,
    );
  }
}

// A condition that has no value, as one about a claim that is missing, is not met.
async function checkCondition({ attributeCondition }: IdentityProvider, variables: Variables): Promise<void> {
  if (attributeCondition === undefined) return;
  try {
    if ((await parseCel(attributeCondition, CONDITION_NAMES))(variables) === true) return;
  } catch (thrown) {
    if (!(thrown instanceof CelError)) throw thrown;
  }
  throw new OauthError('unauthorized_client', 'The given credential is rejected by the attribute condition.');
}

function principalsOf(provider: IdentityProvider, { google, attribute }: Attributes): readonly string[] {
  const pool = `iam.googleapis.com/${poolOf(provider)}`;
  const groups = (google['groups'] ?? []) as readonly unknown[];
  return [
    `principal://${pool}/subject/${String(google['subject'])}`,
    ...Object.entries(attribute).map(
      ([name, value]) => `principalSet://${pool}/attribute.${name}/${String(value)}`,
    ),
    ...groups.map((group) => `principalSet://${pool}/group/${String(group)}`),
    `principalSet://${pool}/*`,
  ];
}

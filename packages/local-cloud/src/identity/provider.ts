import { isRecord, badField, messageOf, textMapOf, textOf, textsOf } from '../messages/index.ts';
import { CelError, parseCel } from './cel/index.ts';

/** A provider of a workload identity pool: whose tokens are taken, and who somebody with such a token is. */
export interface IdentityProvider {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/PROVIDER` */
  readonly name: string;
  /** What the tokens must say in `iss`. */
  readonly issuer: string;
  /** Where the issuer's keys are, on this machine; found by the issuer's discovery document unless told. */
  readonly jwksUri?: string;
  /** The keys themselves, as a JSON Web Key Set: nothing is fetched then. */
  readonly jwks?: object;
  /** Unless told, the provider's own name after `https://iam.googleapis.com/`. */
  readonly allowedAudiences?: readonly string[];
  /** CEL by attribute; `google.subject` must be among them. */
  readonly attributeMapping: Readonly<Record<string, string>>;
  /** CEL that must be true of a token. */
  readonly attributeCondition?: string;
}

/** What a mapping may speak of. */
export const MAPPING_NAMES = ['assertion'];

/** What a condition may speak of. */
export const CONDITION_NAMES = ['assertion', 'google', 'attribute'];

/** Throws INVALID_ARGUMENT for what is no provider. */
export async function readProvider(json: unknown): Promise<IdentityProvider> {
  const message = messageOf(json, FIELDS, '');
  const [name, issuer] = [textOf(message, 'name') ?? '', textOf(message, 'issuer') ?? ''];
  if (!NAME.test(name))
    throw badField(
      'name',
      `name must be "projects/N/locations/global/workloadIdentityPools/POOL/providers/PROVIDER", got "${name}"`,
    );
  if (!URL.canParse(issuer)) throw badField('issuer', `issuer must be a URL, got "${issuer}"`);
  const attributeMapping = textMapOf(message, 'attributeMapping') ?? {};
  if (attributeMapping['google.subject'] === undefined)
    throw badField('attributeMapping', 'attributeMapping must say what google.subject is');
  const attributeCondition = textOf(message, 'attributeCondition');
  checkAttributes(Object.keys(attributeMapping));
  for (const [attribute, cel] of Object.entries(attributeMapping))
    await checkCel(`attributeMapping[${attribute}]`, cel, { names: MAPPING_NAMES, mostCharacters: 2_048 });
  if (attributeCondition !== undefined)
    await checkCel('attributeCondition', attributeCondition, {
      names: CONDITION_NAMES,
      mostCharacters: 4_096,
    });
  const [jwksUri, { jwks }] = [textOf(message, 'jwksUri'), message];
  const allowedAudiences = textsOf(message, 'allowedAudiences');
  return {
    name,
    issuer,
    attributeMapping,
    ...(attributeCondition === undefined ? {} : { attributeCondition }),
    ...(allowedAudiences.length === 0 ? {} : { allowedAudiences }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
    ...(isRecord(jwks) ? { jwks } : {}),
  };
}

/** `projects/N/locations/global/workloadIdentityPools/POOL` */
export function poolOf({ name }: IdentityProvider): string {
  return name.slice(0, name.indexOf('/providers/'));
}

const NAME = /^projects\/[^/]+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/;

const FIELDS = [
  'name',
  'issuer',
  'jwksUri',
  'jwks',
  'allowedAudiences',
  'attributeMapping',
  'attributeCondition',
];

const ATTRIBUTE = /^(?:google\.subject|google\.groups|attribute\.[a-z0-9_]{1,100})$/;
const MOST_ATTRIBUTES = 50;

function checkAttributes(attributes: readonly string[]): void {
  const wrong = attributes.find((attribute) => !ATTRIBUTE.test(attribute));
  if (wrong !== undefined)
    throw badField(
      'attributeMapping',
      `attributeMapping may say what google.subject, google.groups and attribute.NAME are, NAME being 1 to 100 of the characters a-z, 0-9 and _, got "${wrong}"`,
    );
  const own = attributes.filter((attribute) => attribute.startsWith('attribute.')).length;
  if (own > MOST_ATTRIBUTES)
    throw badField(
      'attributeMapping',
      `attributeMapping may have ${MOST_ATTRIBUTES} attributes of its own, got ${own}`,
    );
}

interface CelLimits {
  readonly names: readonly string[];
  readonly mostCharacters: number;
}

async function checkCel(field: string, text: string, { names, mostCharacters }: CelLimits): Promise<void> {
  if (text.length > mostCharacters)
    throw badField(field, `${field} may have ${mostCharacters} characters, got ${text.length}`);
  try {
    await parseCel(text, names);
  } catch (thrown) {
    if (thrown instanceof CelError) throw badField(field, `${field}: ${thrown.message}`);
    throw thrown;
  }
}

import { badField, isRecord, type Message, messageOf, textOf } from '../messages/index.ts';

/** The kinds of notes, by the field of an occurrence that holds their details. */
const KINDS: Readonly<Record<string, string>> = {
  vulnerability: 'VULNERABILITY',
  build: 'BUILD',
  image: 'IMAGE',
  package: 'PACKAGE',
  deployment: 'DEPLOYMENT',
  discovery: 'DISCOVERY',
  attestation: 'ATTESTATION',
  upgrade: 'UPGRADE',
  compliance: 'COMPLIANCE',
  dsseAttestation: 'DSSE_ATTESTATION',
  sbomReference: 'SBOM_REFERENCE',
  secret: 'SECRET',
};

const FIELDS = [
  ...Object.keys(KINDS),
  'name',
  'resourceUri',
  'noteName',
  'kind',
  'remediation',
  'createTime',
  'updateTime',
  'envelope',
];

/**
 * The fields of an occurrence that are stored. Its kind is that of its details. What the details hold is taken as it is: the local cloud does not know their
 * messages.
 */
export function readOccurrence(json: unknown): Message {
  const body = messageOf(json, FIELDS, '');
  const details = Object.keys(KINDS).filter((field) => body[field] !== undefined);
  const [field] = details;
  if (field === undefined || details.length > 1)
    throw badField(
      'occurrence.details',
      `An occurrence must have the details of one kind, got ${details.join(' and ') || 'none'}.`,
    );
  if (!isRecord(body[field])) throw badField(`occurrence.${field}`, `Invalid value at 'occurrence.${field}'`);
  if (textOf(body, 'resourceUri') === undefined)
    throw badField('occurrence.resource_uri', 'An occurrence must have a resource_uri.');
  const noteName = textOf(body, 'noteName') ?? '';
  if (!/^projects\/[^/]+\/(?:locations\/[^/]+\/)?notes\/[^/]+$/.test(noteName))
    throw badField('occurrence.note_name', `note_name must be "projects/P/notes/N", got "${noteName}"`);
  const kind = KINDS[field] ?? '';
  const said = textOf(body, 'kind') ?? kind;
  if (said !== kind)
    throw badField('occurrence.kind', `kind must be ${kind} as its details are, got "${said}"`);
  const stored = Object.entries(body).filter(([key]) => !['name', 'createTime', 'updateTime'].includes(key));
  return { ...Object.fromEntries(stored), kind };
}

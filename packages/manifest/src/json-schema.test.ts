import { readFileSync } from 'node:fs';

import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parse } from 'yaml';

import { manifestJsonSchema, parseManifest } from './index.ts';

const complete = readFileSync(new URL('testdata/fairlead.yaml', import.meta.url), 'utf8');
const published = readFileSync(new URL('../../../schema/fairlead.schema.json', import.meta.url), 'utf8');
const accepts = new Ajv({ allErrors: true, strictTypes: false }).compile(manifestJsonSchema());

test('the published schema is the one that the parser checks by', () => {
  expect(JSON.parse(published)).toEqual(manifestJsonSchema());
});

test('a JSON Schema validator takes a manifest that the parser takes', () => {
  expect(parseManifest(complete, 'fairlead.yaml').kind).toBe('manifest');
  expect(accepts(parse(complete)) || accepts.errors).toBe(true);
});

test.each([
  ['an unknown key', { enviroments: {}, environments: {}, units: {} }],
  ['an unknown kind', { environments: {}, units: { habits: { kind: 'servce' } } }],
  ['a bad name', { environments: {}, units: { Habits: { kind: 'service' } } }],
  [
    'a number for a duration',
    { environments: {}, units: { habits: { kind: 'service', run: { timeout: 5 } } } },
  ],
  ['a missing section', { units: {} }],
])('a JSON Schema validator refuses %s', (_, manifest) => {
  expect(accepts(manifest)).toBe(false);
});

test('every key of the top level is described for editors', () => {
  const { properties, title } = manifestJsonSchema();

  expect(title).toBe('Fairlead manifest');
  expect(Object.values(properties ?? {})).not.toContainEqual(
    expect.not.objectContaining({ description: expect.any(String) }),
  );
});

import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';

import { inputsOf } from './index.ts';
import { inputsFromEnvironment } from './inputs.ts';

describe('inputs', () => {
  test('an empty value counts as absent', () => {
    expect(inputsOf({ service: '  ' }).text('service')).toBeUndefined();
  });

  test('a required input that is empty is refused by name', () => {
    expect(() => inputsOf({}).required('service')).toThrow('input "service" is required and is empty');
  });

  test.each([
    ['ten', 'input "percent" must be a whole number from 0 to 100, got "ten"'],
    ['10.5', 'input "percent" must be a whole number from 0 to 100, got "10.5"'],
    ['101', 'input "percent" must be a whole number from 0 to 100, got "101"'],
    ['-1', 'input "percent" must be a whole number from 0 to 100, got "-1"'],
  ])('percent %s is refused with what was expected and found', (percent, message) => {
    expect(() => inputsOf({ percent }).whole('percent', { min: 0, max: 100 })).toThrow(message);
  });

  test.each([
    ['yes', 'input "push" must be "true" or "false", got "yes"'],
    ['constructor', 'input "push" must be "true" or "false", got "constructor"'],
  ])('the flag %s is refused', (push, message) => {
    expect(() => inputsOf({ push }).flag('push')).toThrow(message);
  });

  test('a choice outside of its values is refused with the values', () => {
    expect(() => inputsOf({ builder: 'kaniko' }).choice('builder', ['auto', 'docker'])).toThrow(
      'input "builder" must be one of "auto", "docker", got "kaniko"',
    );
  });

  test('a list is separated by lines and commas', () => {
    expect(inputsOf({ units: 'agent, journal\n\nhabits' }).list('units')).toEqual([
      'agent',
      'journal',
      'habits',
    ]);
  });

  test('the value of a pair may hold equal signs', () => {
    expect(inputsOf({ env: 'URL=http://a?b=c\nMODE=x' }).pairs('env')).toEqual({
      URL: 'http://a?b=c',
      MODE: 'x',
    });
  });

  test('a pair without a key is refused', () => {
    expect(() => inputsOf({ env: '=x' }).pairs('env')).toThrow(
      'input "env" must have KEY=value on each line, got "=x"',
    );
  });

  test.each([
    ['30s', 30_000],
    ['1h30m', 5_400_000],
    ['250ms', 250],
  ])('the duration %s is %d ms', (wait, ms) => {
    expect(inputsOf({ wait }).duration('wait')).toBe(ms);
  });

  test('a duration without a unit is refused', () => {
    expect(() => inputsOf({ wait: '30' }).duration('wait')).toThrow(
      'a duration such as "30s", "5m" or "1h", got "30"',
    );
  });

  test('JSON that cannot be read is refused', () => {
    expect(() => inputsOf({ release: '[' }).json('release')).toThrow('input "release" must be JSON, got "["');
  });

  test('any text gives a value or an error that names the input', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        try {
          inputsOf({ n: value }).whole('n', { min: 0, max: 9 });
          inputsOf({ n: value }).duration('n');
          inputsOf({ n: value }).json('n');
        } catch (thrown) {
          expect(String(thrown)).toContain('input "n"');
        }
      }),
    );
  });
});

test('the runner hands inputs over in upper case with their hyphens', () => {
  expect(inputsFromEnvironment({ 'INPUT_NAME-SUFFIX': '-auto', HOME: '/x' }).text('name-suffix')).toBe(
    '-auto',
  );
});

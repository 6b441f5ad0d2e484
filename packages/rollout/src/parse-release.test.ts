import { expect, test } from '@jest/globals';
import { gcloudShift, inShiftOrder, parseRelease, parseReleases, type StagedUnit } from './index.ts';

const unit: StagedUnit = {
  unit: 'agent',
  kind: 'service',
  project: 'acme',
  region: 'us-central1',
  service: 'agent-service',
  revision: 'agent-service-1234567890',
  tag: 'c-1a2b3c4',
  image: 'r/agent@sha256:aa',
  version: 'main-1a2b3c4',
};

test('what deploy-cloud-run prints is read back', () => {
  expect(parseRelease(JSON.parse(JSON.stringify([unit])))).toEqual([unit]);
});

test('lists that were staged one after another are one release', () => {
  const gateway: StagedUnit = { ...unit, unit: 'gateway', kind: 'gateway' };

  expect(parseReleases(`${JSON.stringify([unit])}\n\n${JSON.stringify([gateway])}\n`)).toEqual([
    unit,
    gateway,
  ]);
});

test.each([
  ['x', 'release must be the JSON list that deploy-cloud-run prints as its output "release", got "x"'],
  [{}, 'release must be the JSON list that deploy-cloud-run prints as its output "release", got an object'],
  [[7], 'release[0] must be an object, got 7'],
  [
    [unit, { ...unit, revision: '', kind: 'cron' }],
    'release[1].revision must be text that is not empty, got ""; release[1].kind must be one of service, worker, gateway, web, got "cron"',
  ],
])('%j is refused with all that is wrong', (value, message) => {
  expect(() => parseRelease(value)).toThrow(message);
});

test('a gateway shifts after everything that it calls', () => {
  const gateway: StagedUnit = { ...unit, unit: 'gateway', kind: 'gateway' };

  expect(inShiftOrder([gateway, unit], ({ kind }) => kind)).toEqual([[unit], [gateway]]);
});

test('the gcloud command is quoted for a shell where it must be', () => {
  const target = { project: "a'b", region: 'us-central1', service: 'agent' };

  expect(gcloudShift(target, [{ revision: 'agent-1', percent: 100 }])).toBe(
    String.raw`gcloud run services update-traffic agent --project 'a'\''b' --region us-central1 --to-revisions agent-1=100`,
  );
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { etagOf } from '../control/etag.ts';
import { jobToV1, jobToV2 } from './job-message.ts';
import { keepUnsaid } from './keep-unsaid.ts';
import { at, type Message, messageOf, put } from './mapping.ts';
import { readV1 } from './read-v1.ts';
import { etagOfVersion, microsOf, resourceVersionOf } from './resource-version.ts';
import { serviceToV1, serviceToV2 } from './service-message.ts';
import { asStored, sayableJobs, sayableServices, services } from './test-services.ts';

const WEB = 'projects/p/locations/us-central1/services/web';
const MIGRATE = 'projects/p/locations/us-central1/jobs/migrate';

test('a service goes to v1 and back as it was, as far as v1 can say it', () => {
  fc.assert(
    fc.property(sayableServices, (service) => {
      expect(serviceToV2(serviceToV1(asStored(WEB, service)))).toEqual(service);
    }),
  );
});

test('a job goes to v1 and back as it was', () => {
  fc.assert(
    fc.property(sayableJobs, (job) => {
      expect(jobToV2(jobToV1(asStored(MIGRATE, job)))).toEqual(job);
    }),
  );
});

test('a v1 writer that writes back what it read changes nothing, not even what v1 cannot say', () => {
  fc.assert(
    fc.property(services, (service) => {
      const seen = seenOf(service);

      expect(keepUnsaid({ stored: service, seen, written: seen })).toEqual(service);
    }),
  );
});

test('a v1 writer that changes one thing changes that thing alone', () => {
  fc.assert(
    fc.property(services, fc.string({ minLength: 1 }), (service, description) => {
      const read = serviceToV1(asStored(WEB, service));
      const path = ['metadata', 'annotations', 'run.googleapis.com/description'];
      const written = messageOf(serviceToV2(put(read, path, description)));

      const kept = keepUnsaid({ stored: service, seen: seenOf(service), written });

      expect(kept).toEqual({ ...service, description });
    }),
  );
});

test('what was written over v1 reads the same over v1', () => {
  fc.assert(
    fc.property(services, (service) => {
      const written = serviceToV1(asStored(WEB, service));

      const read = serviceToV1(asStored(WEB, messageOf(serviceToV2(written))));

      expect(read).toEqual(written);
    }),
  );
});

test('v1 has a name for every field that it is told', () => {
  fc.assert(
    fc.property(services, sayableJobs, (service, job) => {
      const service1 = serviceToV1(asStored(WEB, service), 'o/1');
      const job1 = jobToV1(asStored(MIGRATE, job), 'o/1');

      expect([readV1('Service', service1), readV1('Job', job1)]).toEqual([service1, job1]);
    }),
  );
});

test.each(['True', 'true', 'False', 'false'])('gcloud may write %s in an annotation', (text) => {
  const written = {
    spec: {
      template: {
        metadata: { annotations: { 'run.googleapis.com/cpu-throttling': text } },
        spec: { containers: [{ image: 'web', name: '' }], nodeSelector: {} },
      },
    },
  };

  const { template } = serviceToV2(written);

  expect(template?.containers).toEqual([
    { image: 'web', resources: text.toLowerCase() === 'true' ? { cpuIdle: true } : {} },
  ]);
});

test('an alias of a secret stands for the name that its annotation gives', () => {
  const annotations = { 'run.googleapis.com/secrets': 'other:projects/12/secrets/key' };
  const secretKeyRef = { name: 'other', key: 'latest' };
  const env = [{ name: 'KEY', valueFrom: { secretKeyRef } }];
  const spec = { template: { metadata: { annotations }, spec: { containers: [{ image: 'web', env }] } } };

  const { template } = serviceToV2({ spec });
  const back = serviceToV1(asStored(WEB, { template }));

  expect(template?.containers?.[0]?.env).toEqual([
    { name: 'KEY', valueSource: { secretKeyRef: { secret: 'projects/12/secrets/key', version: 'latest' } } },
  ]);
  expect(at(back, ['spec', 'template', 'metadata', 'annotations'])).toMatchObject({
    'run.googleapis.com/secrets': 'secret-1:projects/12/secrets/key',
  });
});

// As a user of the real API has published it, with the time of the same write beside it.
test('a resource version is the microseconds of the last write', () => {
  const micros = microsOf('2026-08-06T16:09:25.309864Z');

  expect(resourceVersionOf(micros)).toBe('AAZYYxyc0ag');
  expect(etagOfVersion('AAZYYxyc0ag', WEB)).toBe(etagOf(micros, WEB));
  expect(etagOfVersion('nonsense', WEB)).toBe('nonsense');
});

function seenOf(service: Message): Message {
  return messageOf(serviceToV2(serviceToV1(asStored(WEB, service))));
}

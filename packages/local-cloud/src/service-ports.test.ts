import { describe, expect, test } from '@jest/globals';

import { freePorts } from './data/containers/free-port.ts';
import { servicePortsOf } from './service-ports.ts';
import { serviceBody, testCloud } from './test-client.ts';

describe('--service-port', () => {
  test('names the ports of services', () => {
    expect(servicePortsOf(['web=4101', 'mesh=4102'])).toEqual({ web: 4101, mesh: 4102 });
  });

  const expected = 'must be NAME=PORT with a port from 1 to 65535';

  test.each([
    { given: ['web'], says: `--service-port ${expected}, got "web"` },
    { given: ['=4101'], says: `--service-port ${expected}, got "=4101"` },
    { given: ['web=0'], says: `--service-port ${expected}, got "web=0"` },
    { given: ['web=65536'], says: `--service-port ${expected}, got "web=65536"` },
    { given: ['web=4e3'], says: `--service-port ${expected}, got "web=4e3"` },
    { given: ['web=1', 'web=2'], says: '--service-port must name each service once, got "web" twice' },
    {
      given: ['web=1', 'mesh=1'],
      says: '--service-port must give each service a port of its own, got 1 for "web" and "mesh"',
    },
  ])('refuses $given', ({ given, says }) => {
    expect(() => servicePortsOf(given)).toThrow(says);
  });
});

test('a service answers at the port that it was given', async () => {
  const port = await freePorts().take();
  await using t = await testCloud({ ports: { web: port } });

  const created = await t.write('POST', 'services?serviceId=web', serviceBody());

  expect(created.body.response?.uri).toBe(`http://127.0.0.1:${port}`);
});

test('a service whose port is taken fails and says which', async () => {
  await using taken = await testCloud();
  const port = Number(new URL(taken.cloud.url).port);
  await using t = await testCloud({ ports: { web: port } });

  const created = await t.write('POST', 'services?serviceId=web', serviceBody());

  expect(JSON.stringify(created.body)).toContain(`port ${port} of 127.0.0.1, which is taken`);
});

import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import httpTransport from '@graphql-mesh/transport-http';

import { startServer } from '../src/shared/server.ts';

import { fetchSupergraph } from './supergraph.ts';

const url = process.env.SUPERGRAPH_URL;
if (url === undefined) throw new Error('SUPERGRAPH_URL must name the composed supergraph, it is not set');

// A schema is a revision: it is read once and never polled, so traffic split and rollback move code and schema together.
const supergraph = await fetchSupergraph(url);
const gateway = createGatewayRuntime({ supergraph, transports: { http: httpTransport }, logging: 'warn' });

startServer({
  service: 'mesh-gateway',
  port: 4000,
  handle: (request, response) => void gateway(request, response),
  // Subgraphs are not asked here: one that is down must not take the whole gateway out of traffic.
  dependencies: { supergraph: async () => gateway.getSchema() },
});

import { readFileSync } from 'node:fs';

import { buildSubgraphSchema, type GraphQLSchemaModule } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';

import type { Probe } from './health.ts';
import { startServer } from './server.ts';

export interface SubgraphOptions {
  readonly service: string;
  readonly port: number;
  /** The `schema.graphql` beside the service: the very file that is composed into the supergraph. */
  readonly schema: URL;
  readonly resolvers: NonNullable<GraphQLSchemaModule['resolvers']>;
  readonly dependencies?: Readonly<Record<string, Probe>>;
}

/** Serves one subgraph at `/graphql`, and `/health`. */
export function startSubgraph({ schema, resolvers, ...server }: SubgraphOptions): void {
  const typeDefs = parse(readFileSync(schema, 'utf8'));
  const yoga = createYoga({ schema: buildSubgraphSchema([{ typeDefs, resolvers }]), logging: 'warn' });

  startServer({ ...server, handle: (request, response) => void yoga(request, response) });
}

import { startSubgraph } from '../src/shared/subgraph.ts';

interface Practice {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly movementIds: readonly string[];
}

const practices: readonly Practice[] = [
  { id: 'p1', name: 'Morning strength', userId: 'u1', movementIds: ['squat', 'push-up'] },
  { id: 'p2', name: 'Core in ten minutes', userId: 'u2', movementIds: ['plank'] },
];

startSubgraph({
  service: 'practices-service',
  port: 8000,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      practices: () => practices,
    },
    Practice: {
      __resolveReference: ({ id }: Pick<Practice, 'id'>) => practices.find((practice) => practice.id === id),
      movements: ({ movementIds }: Practice) => movementIds.map((id) => ({ id })),
    },
    User: {
      practices: ({ id }: { id: string }) => practices.filter((practice) => practice.userId === id),
    },
  },
});

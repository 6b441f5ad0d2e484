import { startSubgraph } from '../src/shared/subgraph.ts';

interface Movement {
  readonly id: string;
  readonly name: string;
  readonly muscle: string;
}

const movements: readonly Movement[] = [
  { id: 'squat', name: 'Squat', muscle: 'legs' },
  { id: 'push-up', name: 'Push-up', muscle: 'chest' },
  { id: 'plank', name: 'Plank', muscle: 'core' },
];

startSubgraph({
  service: 'movements-service',
  port: 8005,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      movements: () => movements,
    },
    Movement: {
      __resolveReference: ({ id }: Pick<Movement, 'id'>) => movements.find((movement) => movement.id === id),
    },
  },
});

import { startSubgraph } from '../src/shared/subgraph.ts';

interface Meal {
  readonly id: string;
  readonly name: string;
  readonly kilocalories: number;
  readonly userId: string;
}

const meals: readonly Meal[] = [
  { id: 'm1', name: 'Porridge with berries', kilocalories: 340, userId: 'u1' },
  { id: 'm2', name: 'Lentil soup', kilocalories: 420, userId: 'u1' },
  { id: 'm3', name: 'Rice and beans', kilocalories: 510, userId: 'u2' },
];

startSubgraph({
  service: 'meals-service',
  port: 8004,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      meals: () => meals,
    },
    Meal: {
      __resolveReference: ({ id }: Pick<Meal, 'id'>) => meals.find((meal) => meal.id === id),
    },
    User: {
      meals: ({ id }: { id: string }) => meals.filter((meal) => meal.userId === id),
    },
  },
});

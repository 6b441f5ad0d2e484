import { startSubgraph } from '../src/shared/subgraph.ts';

interface User {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
}

const users: readonly User[] = [
  { id: 'u1', name: 'Ada', timezone: 'Europe/London' },
  { id: 'u2', name: 'Grace', timezone: 'America/New_York' },
];

startSubgraph({
  service: 'users-service',
  port: 8000,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      me: () => users[0],
      users: () => users,
    },
    User: {
      __resolveReference: ({ id }: Pick<User, 'id'>) => users.find((user) => user.id === id),
    },
  },
});

import { startSubgraph } from '../shared/subgraph.ts';

import { entries, type Entry } from './entries.ts';

startSubgraph({
  service: 'journal-service',
  port: 8001,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      entries: () => entries,
    },
    Entry: {
      __resolveReference: ({ id }: Pick<Entry, 'id'>) => entries.find((entry) => entry.id === id),
      author: ({ authorId }: Entry) => ({ id: authorId }),
    },
    User: {
      journalEntries: ({ id }: { id: string }) => entries.filter((entry) => entry.authorId === id),
    },
  },
});

import { startSubgraph } from '../shared/subgraph.ts';

const prompt = 'What went well today?';

startSubgraph({
  service: 'agent-service',
  port: 8000,
  schema: new URL('schema.graphql', import.meta.url),
  resolvers: {
    Query: {
      prompt: () => prompt,
    },
    User: {
      // The gateway fetches the name from the users service first: `@requires` in the schema asks for it.
      advice: ({ name }: { name: string }) => `${name}, write one line: ${prompt}`,
    },
  },
});

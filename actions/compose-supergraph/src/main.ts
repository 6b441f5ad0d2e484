import { runAction } from '@fairlead/action-kit';
import { composeSupergraph } from './compose-supergraph.ts';

await runAction(composeSupergraph);

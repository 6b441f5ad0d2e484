import { runAction } from '@fairlead/action-kit';
import { rollBack } from './roll-back.ts';

await runAction(rollBack);

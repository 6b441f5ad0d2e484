import { runAction } from '@fairlead/action-kit';

import { buildPush } from './build-push.ts';

await runAction(buildPush);

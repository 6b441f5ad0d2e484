import { runAction } from '@fairlead/action-kit';
import { stageRelease } from './stage-release.ts';

await runAction(stageRelease);

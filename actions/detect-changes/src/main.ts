import { runAction } from '@fairlead/action-kit';
import { detectChanges } from './detect-changes.ts';

await runAction(detectChanges);

import { runAction } from '@fairlead/action-kit';
import { splitTraffic } from './split-traffic.ts';

await runAction(splitTraffic);

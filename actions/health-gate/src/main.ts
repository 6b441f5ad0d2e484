import { runAction } from '@fairlead/action-kit';
import { gateHealth } from './gate-health.ts';

await runAction(gateHealth);

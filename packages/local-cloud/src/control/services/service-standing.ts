import type { ServiceAccess, ServiceScaling } from '../../data-plane.ts';
import { isPublic } from '../access/policies.ts';
import type { Service } from '../resources.ts';
import type { ServiceRecord, World } from '../world.ts';

/**
 * Who may call the service (behaviour 25). While nobody has set a policy and the check is not switched off, it is left to the data plane whether services are
 * private.
 */
export function serviceAccess(world: World, { name, spec }: ServiceRecord): ServiceAccess {
  const isDecided = world.policies.has(name) || spec.invokerIamDisabled === true;
  return {
    ...(isDecided ? { isPublic: isPublic(world, name) } : {}),
    ingress: ingressOf(spec),
    audiences: spec.customAudiences ?? [],
  };
}

function ingressOf({ ingress }: Service): NonNullable<ServiceAccess['ingress']> {
  switch (ingress) {
    case 'INGRESS_TRAFFIC_INTERNAL_ONLY':
      return 'INTERNAL_ONLY';
    case 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER':
      return 'INTERNAL_LOAD_BALANCER';
    case 'INGRESS_TRAFFIC_NONE':
      return 'NONE';
    default:
      return 'ALL';
  }
}

export function serviceScaling({ scaling = {} }: Service): ServiceScaling {
  const { minInstanceCount, maxInstanceCount, scalingMode, manualInstanceCount } = scaling;
  if (scalingMode === 'MANUAL') return { instances: manualInstanceCount ?? 1 };
  return {
    ...(minInstanceCount === undefined ? {} : { minInstances: minInstanceCount }),
    // 0 stands for no bound of the service's own.
    ...(maxInstanceCount === undefined || maxInstanceCount === 0 ? {} : { maxInstances: maxInstanceCount }),
  };
}

import type { Route } from '../http/route.ts';

/** The route with the IAM permission that the real API asks for, for the log of calls. */
export function needs(permission: string, route: Route): Route {
  return { ...route, permission };
}

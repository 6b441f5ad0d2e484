import type { Route } from '../http/route.ts';
import { batchRoutes } from './batch-api.ts';
import { bucketRoutes } from './bucket-api.ts';
import { bucketPolicyRoutes } from './bucket-policy-api.ts';
import { copyRoutes } from './copy-api.ts';
import { objectRoutes } from './object-api.ts';
import type { ObjectStore } from './object-store.ts';
import { publicRoutes } from './public-api.ts';
import { uploadRoutes } from './upload-api.ts';

/** Cloud Storage: the JSON API, and the public path `/BUCKET/OBJECT`, which comes last because it fits nearly everything. */
export function storageRoutes(store: ObjectStore): readonly Route[] {
  const routes = [
    ...bucketRoutes(store),
    ...bucketPolicyRoutes(store),
    ...uploadRoutes(store),
    ...copyRoutes(store),
    ...objectRoutes(store),
  ];
  return [...routes, ...batchRoutes(routes), ...publicRoutes(store)];
}

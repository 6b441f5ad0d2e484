export type { Kept, ObjectFacts, ObjectName } from './object.ts';
export { cloudStorage, type Storage, type StorageOptions } from './storage.ts';

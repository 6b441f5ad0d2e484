export { type Changed, changedSince } from './changed-since.ts';
export { type Repository, repositoryAt } from './repository.ts';

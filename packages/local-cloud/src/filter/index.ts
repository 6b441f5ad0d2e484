export { type Comparison, comparisonsOf, type Filter, FilterError } from './filter.ts';
export { type Fields, matches } from './match-filter.ts';
export { parseFilter } from './parse-filter.ts';
export { viewFilter } from './view-filter.ts';

export type * from './check/inspection.js';
export type * from './format/parsed-report.js';
export type * from './query/rows-query.js';
export type * from './report.js';

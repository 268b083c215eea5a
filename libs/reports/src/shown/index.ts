// Runs in browsers and on the server: no Node, no database.
export type * from './api.js';
export * from './filter-codec.js';
export type * from './filter-value.js';
export { formatCompact, formatValue, NO_VALUE, type FormatOptions } from './format-cell.js';
export type * from './format-value.js';

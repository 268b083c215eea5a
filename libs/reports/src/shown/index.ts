export type * from './api.js';
export type * from './format-value.js';

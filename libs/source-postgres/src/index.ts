export * from './tables/source-table.js';
export * from './types/column-codec.js';

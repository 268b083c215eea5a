export * from './announced.js';
export * from './dataset.js';
export * from './logical-type.js';

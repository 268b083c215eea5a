export * from './app-process.js';
export * from './faulty.js';
export * from './s3/index.js';
export * from './seeded-random.js';
export * from './test-database.js';
export * from './test-folder.js';
export * from './test-nats.js';
export * from './until.js';

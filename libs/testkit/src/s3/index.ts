export * from './s3-conformance.js';
export * from './s3-error.js';
export * from './s3-server.js';
export { s3Client, type S3Target } from './s3-trial.js';

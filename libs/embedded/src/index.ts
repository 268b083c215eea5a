export * from './embedded-server.js';
export * from './free-port.js';
export * from './nats-server.js';
export * from './postgres-server.js';
export * from './service-node-flags.js';

import { Duplex } from 'node:stream';
import type pg from 'pg';

/**
 * Takes the socket of a replication connection that is connected and idle away from pg, whose own reading of messages neither
 * stops between two of them nor spares an object for each. pg keeps the handshake before and the farewell after.
 */
export function replicationSocket(client: pg.Client): Duplex {
  const connection: unknown = Reflect.get(client, 'connection');
  const stream: unknown = connection instanceof Object ? Reflect.get(connection, 'stream') : undefined;
  if (!(stream instanceof Duplex)) throw new Error('this release of pg keeps its socket elsewhere');
  stream.removeAllListeners('data');
  return stream;
}

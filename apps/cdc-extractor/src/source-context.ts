import type { PiiKey, Source } from '@rollcall/catalog';
import type { Clock } from '@rollcall/kernel';
import type { ObjectStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { Secret } from '@rollcall/service';
import type pg from 'pg';
import type { ExtractEffects } from './effects.js';
import type { ExtractEvents } from './events.js';

export interface ConnectOptions {
  /** The environment variable that holds the address; absent: the source's own. */
  readonly connection?: string | undefined;
  readonly replication?: 'database';
  /** Ends the connection, whatever it is doing. Absent: the context's own signal. */
  readonly signal?: AbortSignal;
}

/** One source with all that is needed to read it and to land what was read. */
export interface SourceContext {
  readonly source: Source;
  /** Address of a connection that the catalog names; without a name the source's own. */
  readonly url: (connection?: string) => Secret;
  /** A connection of its own, to be ended by whoever asked. Codes source/unavailable, source/denied. */
  readonly connect: (options?: ConnectOptions) => Promise<pg.Client>;
  readonly lake: ObjectStore;
  readonly broker: Pick<Broker, 'publish'>;
  readonly effects: ExtractEffects;
  readonly clock: Clock;
  /** A name nobody else uses: process and random part. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Connections that read one table side by side. */
  readonly readConnections: number;
  readonly signal: AbortSignal;
  readonly events: ExtractEvents;
  readonly piiKey: PiiKey | undefined;
}

/** What our sessions are called in pg_stat_activity of a source. */
export const APPLICATION_NAME = 'rollcall cdc-extractor';

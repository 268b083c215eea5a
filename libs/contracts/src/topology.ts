import type { StreamName } from './contract.js';

const SECOND = 1;
const HOUR = 3600;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

/**
 * Streams and durable consumers as data, inside nats-server 2.9's features. Applied by `rollcall migrate`, never by hand, never downgraded.
 * Raise `TOPOLOGY_VERSION` with every change.
 */
export const TOPOLOGY_VERSION = 3;

export interface StreamSpec {
  readonly name: StreamName;
  readonly subjects: readonly string[];
  readonly retention: 'limits' | 'workqueue';
  readonly maxAgeSeconds: number;
  readonly maxBytes: number;
  readonly duplicateWindowSeconds: number;
  /** What a full stream does: `new` refuses the publisher (who keeps the data), `old` drops the oldest. */
  readonly discard: 'new' | 'old';
}

export interface ConsumerSpec {
  readonly durable: string;
  readonly stream: StreamName;
  /** One subject, wildcards allowed (2.9 knows one filter a consumer). */
  readonly filter: string;
  readonly ackWaitSeconds: number;
  readonly maxAckPending: number;
  /** Above MAX_TRIES of the kernel: messages are buried before the broker gives up. -1: for ever. */
  readonly maxDeliver: number;
}

export const STREAMS: readonly StreamSpec[] = [
  // Duplicate window = max age: a run id is asked for once.
  {
    name: 'RUNS',
    subjects: ['run.v1.requested.>'],
    retention: 'workqueue',
    maxAgeSeconds: DAY,
    maxBytes: 64 * MIB,
    duplicateWindowSeconds: DAY,
    discard: 'new',
  },
  {
    name: 'RUNLOG',
    subjects: ['run.v1.finished'],
    retention: 'limits',
    maxAgeSeconds: 30 * DAY,
    maxBytes: 64 * MIB,
    duplicateWindowSeconds: HOUR,
    discard: 'old',
  },
  // Until landed, EVENTS is the record: a full one refuses, it never drops.
  {
    name: 'EVENTS',
    subjects: ['events.v1.>'],
    retention: 'limits',
    maxAgeSeconds: DAY,
    maxBytes: 4096 * MIB,
    duplicateWindowSeconds: 120 * SECOND,
    discard: 'new',
  },
  {
    name: 'LAKE',
    subjects: ['lake.v1.>'],
    retention: 'limits',
    maxAgeSeconds: 7 * DAY,
    maxBytes: 512 * MIB,
    duplicateWindowSeconds: HOUR,
    discard: 'old',
  },
  {
    name: 'WAREHOUSE',
    subjects: ['warehouse.v1.>'],
    retention: 'limits',
    maxAgeSeconds: 7 * DAY,
    maxBytes: 512 * MIB,
    duplicateWindowSeconds: HOUR,
    discard: 'old',
  },
  {
    name: 'REPORTING',
    subjects: ['reporting.v1.>'],
    retention: 'limits',
    maxAgeSeconds: 7 * DAY,
    maxBytes: 128 * MIB,
    duplicateWindowSeconds: HOUR,
    discard: 'old',
  },
  {
    name: 'DEAD',
    subjects: ['dead.>'],
    retention: 'limits',
    maxAgeSeconds: 30 * DAY,
    maxBytes: 1024 * MIB,
    duplicateWindowSeconds: HOUR,
    discard: 'new',
  },
];

/**
 * What is in hand is kept by heartbeats at a third of `ackWaitSeconds`, so it only says how soon the messages of a killed process come again.
 */
export const CONSUMERS: readonly ConsumerSpec[] = [
  {
    durable: 'ingest-logs-runs',
    stream: 'RUNS',
    filter: 'run.v1.requested.logs',
    ackWaitSeconds: 30,
    maxAckPending: 16,
    maxDeliver: -1,
  },
  {
    durable: 'cdc-extractor-runs',
    stream: 'RUNS',
    filter: 'run.v1.requested.postgres',
    ackWaitSeconds: 30,
    maxAckPending: 16,
    maxDeliver: -1,
  },
  {
    durable: 'ingest-logs-events',
    stream: 'EVENTS',
    filter: 'events.v1.>',
    ackWaitSeconds: 20,
    maxAckPending: 50_000,
    maxDeliver: -1,
  },
  {
    durable: 'loader-batches',
    stream: 'LAKE',
    filter: 'lake.v1.batch-written',
    ackWaitSeconds: 20,
    maxAckPending: 1_000,
    maxDeliver: -1,
  },
  {
    durable: 'loader-runlog',
    stream: 'RUNLOG',
    filter: 'run.v1.finished',
    ackWaitSeconds: 30,
    maxAckPending: 1_000,
    maxDeliver: -1,
  },
  {
    durable: 'reporting-loads',
    stream: 'WAREHOUSE',
    filter: 'warehouse.v1.batch-loaded',
    ackWaitSeconds: 20,
    maxAckPending: 1_000,
    maxDeliver: -1,
  },
];

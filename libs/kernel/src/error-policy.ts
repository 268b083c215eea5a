/**
 * When an error may heal by itself:
 * - `timed` try again after a delay. Also where an operator must act, as long as it is the world that is wrong and not the message:
 *   a revoked right must not bury what was accepted
 * - `manual` this message needs an operator: buried, replayed when mended
 * - `never` the same input fails for ever
 */
export type Retry = 'timed' | 'manual' | 'never';

export interface ErrorRule {
  readonly retry: Retry;
  /** One sentence for the operator: the way out. Copied into docs/runbook.md by a test. */
  readonly hint: string;
}

/** Every error Rollcall can name. What is not here is a bug: the process exits and the message is delivered again. */
export const ERROR_POLICY = {
  'config/invalid': {
    retry: 'never',
    hint: 'Mend the settings named in the message; `rollcall doctor` checks them all.',
  },
  'catalog/invalid': {
    retry: 'never',
    hint: 'Mend the catalog file at the place named; `rollcall catalog check` lists every fault.',
  },
  'nats/unavailable': {
    retry: 'timed',
    hint: 'Check that nats-server runs at NATS_URL and that the credentials are right.',
  },
  'nats/too-old': { retry: 'never', hint: 'Run nats-server 2.9 or newer with JetStream switched on.' },
  'nats/topology': {
    retry: 'timed',
    hint: 'Run `rollcall migrate`: streams or consumers are missing or older than this release.',
  },
  'nats/full': {
    retry: 'timed',
    hint: 'A stream or the disk of nats-server is full: start or scale the consumer that is behind, free room, or raise the limit.',
  },
  'lake/unavailable': { retry: 'timed', hint: 'Check LAKE_URL, the credentials and that the store answers.' },
  'lake/throttled': {
    retry: 'timed',
    hint: 'The object store asks to slow down; Rollcall does. Raise its limits if it lasts.',
  },
  'lake/denied': { retry: 'timed', hint: 'Give the credentials read, write and list rights on the lake prefix.' },
  'lake/full': {
    retry: 'timed',
    hint: 'The disk or quota of the lake is full: free room; nothing was acknowledged that is not stored.',
  },
  'lake/not-found': {
    retry: 'manual',
    hint: 'The object is not in the lake: restore it from a backup, or re-extract its range.',
  },
  'lake/conflict': { retry: 'timed', hint: 'Two writers met; the loser reads again and retries by itself.' },
  'lake/no-conditional-put': {
    retry: 'never',
    hint: 'The store ignores If-None-Match: use one with conditional writes (AWS S3, MinIO, R2, Ceph Squid or newer).',
  },
  'lake/format-newer': { retry: 'never', hint: 'The lake was written by a newer Rollcall: upgrade this one.' },
  'lake/checksum-mismatch': {
    retry: 'never',
    hint: 'The object is not what its announcement says: restore it, or re-extract the range.',
  },
  'lake/thread-ended': {
    retry: 'timed',
    hint: 'It is tried again by itself. When it comes back, give the service more memory.',
  },
  'lake/corrupt': {
    retry: 'never',
    hint: 'The object cannot be read as a batch: restore it, or re-extract the range.',
  },
  'warehouse/unavailable': { retry: 'timed', hint: 'Check that the warehouse answers at WAREHOUSE_URL.' },
  'warehouse/timeout': {
    retry: 'timed',
    hint: 'A lock or statement took too long; it is tried again. Look for long transactions if it lasts.',
  },
  'warehouse/denied': {
    retry: 'timed',
    hint: 'Check user and password, and grant the loader the privileges that `rollcall doctor` names.',
  },
  'warehouse/full': { retry: 'timed', hint: 'The disk of the warehouse is full: free room; the load is tried again.' },
  'warehouse/schema-behind': { retry: 'timed', hint: 'Run `rollcall migrate`; what waits for it goes on by itself.' },
  'warehouse/schema-newer': {
    retry: 'never',
    hint: 'The warehouse was migrated by a newer Rollcall: upgrade this one.',
  },
  'warehouse/custom-view': {
    retry: 'manual',
    hint: 'A view in schema custom stands on a column that must change: change that view, then replay.',
  },
  'load/unbalanced': {
    retry: 'manual',
    hint: 'Rows in do not equal rows accounted for; nothing was loaded. Report this with the batch ids.',
  },
  'load/chain-waiting': {
    retry: 'timed',
    hint: 'An earlier batch of the chain has not arrived yet; this one waits for it.',
  },
  'load/chain-gap': {
    retry: 'manual',
    hint: 'A batch of the chain is missing: restore it in the lake or re-extract the range named.',
  },
  'load/contract-frozen': {
    retry: 'manual',
    hint: 'The contract is frozen and the data changed: change the catalog, then replay.',
  },
  'load/unknown-dataset': {
    retry: 'manual',
    hint: 'The dataset is not in the catalog of this service: deploy the catalog that has it, then replay.',
  },
  'embedded/no-binary': {
    retry: 'manual',
    hint: 'Run `npm start` or `npm test`: their set-up fetches the program; or give the URL of a server that runs already.',
  },
  'embedded/not-started': {
    retry: 'manual',
    hint: 'The embedded server did not start: the end of its log is in the message and says why.',
  },
  'embedded/in-use': {
    retry: 'manual',
    hint: 'Another Rollcall runs on this data folder: stop it, or give this one a folder of its own.',
  },
  'source/bad-record': {
    retry: 'never',
    hint: 'The record is in quarantine with its place: `rollcall quarantine show`.',
  },
  'source/unavailable': { retry: 'timed', hint: 'Check that the source answers and that its credentials are right.' },
  'source/denied': {
    retry: 'timed',
    hint: 'Run the SQL in the message as an administrator of the source: the extractor lacks a privilege there.',
  },
  'source/unfit': {
    retry: 'timed',
    hint: 'The source cannot be read as the catalog says: the message names the table, column or setting and what mends it.',
  },
  'source/slot-lost': {
    retry: 'manual',
    hint: 'The replication slot is not where this dataset stands; changes in the range named are not in the lake. `rollcall resnapshot <source>` reads the tables anew and goes on from there.',
  },
  'source/reread-limit': {
    retry: 'timed',
    hint: 'A transaction stays open on the source and too many rows are above the safe point: end the one named, or raise max_reread_rows.',
  },
  'source/too-wide': {
    retry: 'never',
    hint: 'One row of the source is bigger than a batch can hold: leave the column out by `pii: drop`, or store it elsewhere.',
  },
  'door/unavailable': {
    retry: 'timed',
    hint: 'Check that ingest-logs answers at the URL given; it may be asking to slow down.',
  },
  'door/refused': {
    retry: 'never',
    hint: 'The HTTP door refuses the request: check the URL, INGEST_TOKEN and the name of the dataset.',
  },
  'report/invalid': {
    retry: 'never',
    hint: 'Mend the report at the place named; `rollcall report check` lists every fault. Until then its last good revision is served.',
  },
  'report/failed': {
    retry: 'timed',
    hint: 'The view of the report cannot be computed: mend view.sql, or the data it stumbles over. Its last good state is served meanwhile.',
  },
  'report/held-back': {
    retry: 'timed',
    hint: 'A test of the report fails on the newest data: look at the rows its test gives. The last state that passed is served meanwhile.',
  },
  'message/invalid': {
    retry: 'never',
    hint: 'The message does not fit its contract; its bytes are kept: `rollcall dead show`.',
  },
} as const satisfies Record<string, ErrorRule>;

export type ErrorCode = keyof typeof ERROR_POLICY;

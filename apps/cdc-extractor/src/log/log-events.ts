import { type Dataset } from '@rollcall/catalog';
import { type RollcallError } from '@rollcall/kernel';
import { type Logger } from '@rollcall/service';
import { type SlotState } from '@rollcall/source-postgres';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the capture of a source's log is at. */
export const LOG_PHASES = ['waiting', 'starting', 'snapshotting', 'streaming', 'lost'] as const;
export type LogPhase = (typeof LOG_PHASES)[number];

export interface CutFacts {
  readonly changes: number;
  readonly seconds: number;
  /** Commit time of its last transaction, microseconds since 1970; 0n: it has none. */
  readonly committedAt: bigint;
}

/** A transaction that a snapshot has to wait for. */
export interface OpenTransaction {
  readonly pid: number | null;
  readonly user: string | null;
  /** Of a prepared one. */
  readonly gid: string | null;
  readonly ageSeconds: number;
}

export interface LogEvents {
  logPhase(source: string, phase: LogPhase, datasets: readonly string[]): void;
  cutLanded(source: string, cut: CutFacts): void;
  slotSeen(source: string, slot: SlotState, warnBytes: number): void;
  slotLost(source: string, error: RollcallError): void;
  snapshotWaits(dataset: Pick<Dataset, 'name' | 'source'>, seconds: number, open: readonly OpenTransaction[]): void;
}

/** Metric and log record of every business event of log capture. */
export function logEvents(logger: Logger, registry: Registry): LogEvents {
  const figures = logFigures(registry);
  const warned = new Map<string, string>();
  /** Says a warning once, until it is over. */
  const warnOnce = (source: string, problem: string | undefined, facts: object): void => {
    if (warned.get(source) === problem) return;
    if (problem === undefined) warned.delete(source);
    else {
      warned.set(source, problem);
      logger.warn({ source, ...facts }, problem);
    }
  };
  return {
    logPhase(source, phase, datasets) {
      for (const one of LOG_PHASES) figures.phase.set({ source, phase: one }, one === phase ? 1 : 0);
      logger.info({ source, phase, datasets }, `log capture: ${phase}`);
    },
    cutLanded(source, { changes, seconds, committedAt }) {
      figures.changes.inc({ source }, changes);
      if (committedAt > 0n) figures.committed.set({ source }, Number(committedAt / 1000n) / 1000);
      logger.debug({ source, changes, seconds }, 'cut landed');
    },
    slotSeen(source, { name: slot, lagBytes, retainedBytes, walStatus }, warnBytes) {
      if (lagBytes !== null) figures.lag.set({ source }, Number(lagBytes));
      if (retainedBytes !== null) figures.retained.set({ source }, Number(retainedBytes));
      const facts = { slot, lagBytes: Number(lagBytes ?? 0), retainedBytes: Number(retainedBytes ?? 0), walStatus };
      warnOnce(source, slotProblem(walStatus, lagBytes, warnBytes), facts);
    },
    slotLost(source, error) {
      figures.lost.inc({ source });
      logger.error({ source, code: error.code, hint: error.hint }, error.message);
    },
    snapshotWaits({ name: dataset, source }, seconds, open) {
      logger.warn({ dataset, source, seconds, open }, 'a snapshot beside the log waits for transactions to end');
    },
  };
}

/** What is wrong with a slot that still streams, in a sentence; undefined: nothing. */
export function slotProblem(
  walStatus: SlotState['walStatus'],
  lagBytes: bigint | null,
  warnBytes: number,
): string | undefined {
  if (walStatus === 'lost') return 'the slot is lost: the server removed WAL it needs';
  if (walStatus === 'unreserved')
    return 'the slot is about to be lost: the server removes its WAL at the next checkpoint (max_slot_wal_keep_size)';
  return lagBytes !== null && lagBytes > BigInt(warnBytes)
    ? `the slot is behind the log by more than ${warnBytes} bytes (LOG_LAG_WARN_BYTES)`
    : undefined;
}

function logFigures(registry: Registry) {
  const registers = [registry];
  const labelNames = ['source'] as const;
  const gauge = (name: string, help: string): Gauge<'source'> =>
    new Gauge({ name: `rollcall_extract_${name}`, help, labelNames, registers });
  return {
    phase: new Gauge({
      name: 'rollcall_extract_log_phase',
      help: '1 for what the capture of a log is at.',
      labelNames: ['source', 'phase'],
      registers,
    }),
    changes: new Counter({
      name: 'rollcall_extract_log_changes_total',
      help: 'Changes of the log that were landed.',
      labelNames,
      registers,
    }),
    lost: new Counter({
      name: 'rollcall_extract_log_lost_total',
      help: 'Times that a log was found to be lost.',
      labelNames,
      registers,
    }),
    committed: gauge('log_committed_timestamp_seconds', 'Commit time of the newest transaction that was landed.'),
    lag: gauge('log_slot_lag_bytes', 'WAL of the source that the slot has not confirmed.'),
    retained: gauge('log_slot_retained_bytes', 'WAL that the source keeps because of the slot.'),
  };
}

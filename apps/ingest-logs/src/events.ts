import type { LakeColumn } from '@rollcall/lake';
import type { Logger, RunEvents } from '@rollcall/service';
import { Counter, type Registry } from 'prom-client';
import type { DropEvents } from './drops/drop-watcher.js';
import type { HttpEvents } from './http/http-door.js';
import type { LandingEvents } from './land-batch.js';

/** Every business event of ingest-logs: one helper each, metric and log record together. */
export type IngestEvents = LandingEvents & DropEvents & HttpEvents & RunEvents;

export function ingestEvents(logger: Logger, registry: Registry): IngestEvents {
  const counters = ingestCounters(registry);
  return {
    batchLanded(door, written, batch) {
      const { dataset, lane, rows, bytes } = written;
      counters.batches.inc({ dataset, door, lane });
      counters.bytes.inc({ dataset, door }, bytes);
      if (lane === 'rows') counters.rows.inc({ dataset, door }, rows);
      else
        for (const [reason, count] of reasonsOf(batch.columns)) counters.rejected.inc({ dataset, door, reason }, count);
      logger.debug({ dataset, door, lane, batchId: written.batchId, rows, bytes }, 'batch landed');
    },
    dropEnded(dataset, object, outcome) {
      counters.drops.inc({ dataset, outcome: outcome.kind });
      if (outcome.kind === 'known' || outcome.kind === 'busy' || outcome.kind === 'changed') return;
      const facts = { dataset, key: object.key, size: object.size, ...outcome };
      if (outcome.kind === 'refused') logger.error(facts, 'dropped file refused');
      else logger.info(facts, 'dropped file read');
    },
    dropFailed(dataset, object, error) {
      counters.dropFailures.inc({ dataset, code: error.code });
      const facts = { dataset, key: object?.key, code: error.code, hint: error.hint, err: error };
      logger.warn(facts, 'drops could not be read, they are tried again');
    },
    eventsTaken(dataset, ack, { accepted, rejected, items }) {
      counters.httpEvents.inc({ dataset, ack }, accepted);
      if (rejected === 0) return;
      for (const { error } of items) counters.httpRejected.inc({ dataset, error });
      logger.debug({ dataset, ack, accepted, rejected }, 'events answered with errors');
    },
    eventsRefused(dataset, error) {
      counters.httpRefused.inc({ dataset, code: error.code });
      logger.warn({ dataset, code: error.code, err: error }, 'events refused, the sender is to try again');
    },
    runStarted({ runId, source, dataset, mode, dryRun, requestedBy }) {
      logger.info({ runId, source, dataset, mode, dryRun, requestedBy }, 'run started');
    },
    runFinished({ runId, source, dataset }, result) {
      counters.runs.inc({ verdict: result.verdict });
      logger.info({ runId, source, dataset, ...result }, 'run finished');
    },
  };
}

function ingestCounters(registry: Registry) {
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name: `rollcall_ingest_${name}_total`, help, labelNames: [...labelNames], registers: [registry] });
  return {
    rows: counter('rows', 'Rows in announced batches.', ['dataset', 'door']),
    batches: counter('batches', 'Announced batches.', ['dataset', 'door', 'lane']),
    rejected: counter('rejected', 'Records in announced rejected batches.', ['dataset', 'door', 'reason']),
    bytes: counter('bytes', 'Bytes of announced batch objects.', ['dataset', 'door']),
    drops: counter('drops', 'Looks at dropped objects, by outcome.', ['dataset', 'outcome']),
    dropFailures: counter('drop_failures', 'Looks at dropped objects that failed, by code.', ['dataset', 'code']),
    httpEvents: counter('http_events', 'Events accepted over HTTP.', ['dataset', 'ack']),
    httpRejected: counter('http_rejected', 'Events answered with an error.', ['dataset', 'error']),
    httpRefused: counter('http_refused', 'Requests answered 503, by code.', ['dataset', 'code']),
    runs: counter('runs', 'Runs ended, by verdict.', ['verdict']),
  };
}

function reasonsOf(columns: readonly LakeColumn[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const value of columns.find(({ name }) => name === 'reason')?.values ?? []) {
    const reason = String(value);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}

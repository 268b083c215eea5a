import { appEvents } from '@rollcall/contracts';
import type { Broker } from '@rollcall/messaging';
import { settleQuarantine, showQuarantine, type QuarantineEntry, type Warehouse } from '@rollcall/warehouse';
import { operator } from '../edges/operator.js';
import { jsonRecord, recordOf, type RecordOf } from './record-of.js';
import { unsealEntry } from './unseal-entry.js';

export interface RejectedReplay {
  readonly warehouse: Warehouse;
  readonly broker: Broker;
  readonly quarantineKey: string | undefined;
  /** Text of the `--with` file: replaces the record. */
  readonly instead: string | undefined;
}

/** The message id of a replay: the same for the same entry and try, so that a repeat of a replay is one message. */
export function replayMessageId(entry: Pick<QuarantineEntry, 'dataset' | 'position' | 'tries'>): string {
  return `${entry.dataset}:${entry.position}:replay:${entry.tries}`;
}

/**
 * Sends a record that could not be read through EVENTS again and marks its entry, in that order: cut short in between, the next replay
 * sends the same message id, and the dataset's key takes what still gets through.
 * @returns what was done, or why it could not
 */
export async function replayRejected(
  entry: QuarantineEntry,
  world: RejectedReplay,
): Promise<{ readonly ok: boolean; readonly what: string }> {
  const read = await readRecord(entry, world);
  if (!read.ok) return { ok: false, what: read.why };
  const contract = appEvents(entry.dataset);
  const record = contract.schema.parse(read.record);
  await world.broker.publish(contract, record, { msgId: replayMessageId(entry) });
  await settleQuarantine(world.warehouse, [entry.id], 'replayed', operator());
  return { ok: true, what: `sent on ${contract.subject}` };
}

async function readRecord(entry: QuarantineEntry, world: RejectedReplay): Promise<RecordOf> {
  if (world.instead !== undefined) return jsonRecord(world.instead);
  const sealed = await showQuarantine(world.warehouse, entry.id);
  if (!sealed) return { ok: false, why: 'it is gone' };
  const text = unsealEntry(sealed, world.quarantineKey);
  if (Buffer.byteLength(text) < (sealed.length ?? 0)) {
    return { ok: false, why: 'it was too long to be kept whole: mend it and use --with <file>' };
  }
  return recordOf(sealed, text);
}

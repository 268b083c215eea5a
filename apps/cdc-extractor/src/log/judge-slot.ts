import { RollcallError } from '@rollcall/kernel';
import { formatLsn, type SlotState, type SystemIdentity } from '@rollcall/source-postgres';
import { type StreamDoc } from './stream-state.js';

export type SlotVerdict =
  /** There is none, and none was ever read. */
  | { readonly kind: 'make' }
  /** Made by us and never read: nothing says what was before it, so it goes, and another one comes. */
  | { readonly kind: 'make-anew' }
  /** Made by somebody for us, and not read yet. */
  | { readonly kind: 'adopt'; readonly from: bigint }
  | { readonly kind: 'resume'; readonly doc: StreamDoc }
  /** Changes are gone, or may be. `to` is unknown where the server cannot tell. */
  | { readonly kind: 'lost'; readonly why: string; readonly from: bigint; readonly to?: bigint };

export interface SlotFacts {
  readonly names: { readonly slot: string; readonly create: boolean };
  readonly doc: StreamDoc | undefined;
  readonly slot: SlotState | undefined;
  readonly system: Pick<SystemIdentity, 'systemId' | 'timeline' | 'lsn'>;
}

/** What to do with the slot of a source, at every connect. Pure. A slot that was ever read is never replaced in silence. */
export function judgeSlot({ names, doc, slot, system }: SlotFacts): SlotVerdict {
  if (!doc) {
    if (!slot) return { kind: 'make' };
    return names.create ? { kind: 'make-anew' } : { kind: 'adopt', from: slot.confirmedLsn ?? system.lsn };
  }
  const from = BigInt(doc.confirmed);
  const lost = (why: string, to?: bigint): SlotVerdict => ({
    kind: 'lost',
    why,
    from,
    ...(to !== undefined && { to }),
  });
  if (system.systemId !== doc.systemId)
    return lost(`the server is another one: system identifier ${system.systemId}, it was ${doc.systemId}`);
  if (system.timeline !== doc.timeline)
    return lost(`the server went on in timeline ${system.timeline}, it was ${doc.timeline}`);
  if (system.lsn < from) return lost(`the server stands at ${formatLsn(system.lsn)}, before what was read of it`);
  if (doc.slot !== names.slot)
    return lost(`the catalog names another slot than ${doc.slot}, which was read`, system.lsn);
  if (!slot) return lost('it does not exist any more', system.lsn);
  if (slot.walStatus === 'lost' || slot.invalidation !== null)
    return lost(
      `the server removed what it needs${slot.invalidation === null ? '' : ` (${slot.invalidation})`}`,
      system.lsn,
    );
  if (slot.confirmedLsn !== null && slot.confirmedLsn > from)
    return lost('it was made anew, or somebody else reads it', slot.confirmedLsn);
  return { kind: 'resume', doc };
}

/** Says what is lost, of which datasets, and the way out. Code `source/slot-lost`. */
export function slotLost(
  source: string,
  slot: string,
  datasets: readonly string[],
  { why, from, to }: Extract<SlotVerdict, { kind: 'lost' }>,
): RollcallError {
  const range = `from ${formatLsn(from)} ${to === undefined ? 'on' : `to ${formatLsn(to)}`}`;
  return new RollcallError(
    'source/slot-lost',
    `slot ${slot} of ${source}: ${why}. Changes ${range} of ${datasets.join(', ')} are not in the lake: ` +
      `\`rollcall resnapshot ${source}\` reads these tables anew and goes on from there`,
  );
}

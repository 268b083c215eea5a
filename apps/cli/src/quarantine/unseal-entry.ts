import { RollcallError, unseal } from '@rollcall/kernel';
import type { QuarantineEntry } from '@rollcall/warehouse';

/** An entry with its sealed bytes, as `showQuarantine` gives it. */
export type SealedEntry = QuarantineEntry & { readonly sealed?: Uint8Array };

/**
 * The record as it came in.
 * @throws RollcallError config/invalid when it was not kept, or the key is missing or another
 */
export function unsealEntry(entry: SealedEntry, quarantineKey: string | undefined): string {
  const { sealed } = entry;
  if (sealed === undefined) {
    throw new RollcallError(
      'config/invalid',
      `entry ${entry.id}: its bytes were not kept, for the service had no QUARANTINE_KEY`,
    );
  }
  if (quarantineKey === undefined)
    throw new RollcallError('config/invalid', 'QUARANTINE_KEY is not set: it unseals the bytes');
  try {
    return Buffer.from(unseal(quarantineKey, sealed, `${entry.dataset}:${entry.position}`)).toString('utf8');
  } catch (cause) {
    throw new RollcallError('config/invalid', `entry ${entry.id}: QUARANTINE_KEY is not the one it was sealed with`, {
      cause,
    });
  }
}

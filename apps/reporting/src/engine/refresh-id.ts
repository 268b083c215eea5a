import { base32 } from '@rollcall/kernel';

/** An id that sorts by time: 12 hex digits of milliseconds, then 8 characters of chance. `random`: at least 5 bytes. */
export function refreshIdAt(nowMs: number, random: Uint8Array): string {
  return `${Math.trunc(nowMs).toString(16).padStart(12, '0')}${base32(random.subarray(0, 5))}`;
}

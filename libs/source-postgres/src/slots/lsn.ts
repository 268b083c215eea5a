import { RollcallError } from '@rollcall/kernel';

const SHAPE = /^([0-9A-F]{1,8})\/([0-9A-F]{1,8})$/i;

/** `16/B374D848` as a number. @throws RollcallError source/unfit */
export function parseLsn(text: string): bigint {
  const [, high, low] = SHAPE.exec(text) ?? [];
  if (high === undefined || low === undefined) throw new RollcallError('source/unfit', `"${text}" is no LSN`);
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`);
}

/** As Postgres writes it. Throws RangeError beyond 64 bits. */
export function formatLsn(lsn: bigint): string {
  if (lsn < 0n || lsn > 0xffff_ffff_ffff_ffffn) throw new RangeError(`LSN ${lsn} does not fit 64 bits`);
  return `${(lsn >> 32n).toString(16)}/${(lsn & 0xffff_ffffn).toString(16)}`.toUpperCase();
}

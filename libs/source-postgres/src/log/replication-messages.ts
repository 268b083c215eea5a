import { formatLsn } from '../slots/lsn.js';
import { quoteSourceIdentifier } from '../tables/quote-source-identifier.js';

/** Milliseconds from 1970 to 2000, where Postgres counts from. */
const POSTGRES_EPOCH_MS = 946_684_800_000;

/** Tags of what a server sends in a replication stream. */
export const TAG = {
  copyBoth: 0x57, // W
  copyData: 0x64, // d
  copyDone: 0x63, // c
  error: 0x45, // E
  ready: 0x5a, // Z
} as const;

/** First byte of a CopyData message: WAL, or a sign of life. */
export const WAL_DATA = 0x77; // w
export const KEEPALIVE = 0x6b; // k
/** Bytes before the payload of WAL_DATA: kind, start, end, time. */
export const WAL_HEADER = 25;
export const KEEPALIVE_SIZE = 18;

export const COPY_DONE: Buffer = Buffer.from([TAG.copyDone, 0, 0, 0, 4]);

/** A standby status update inside its CopyData: all up to `lsn` is written, flushed and applied. */
export function statusUpdate(lsn: bigint, nowMs: number, askForReply: boolean): Buffer {
  const frame = Buffer.alloc(39);
  frame[0] = TAG.copyData;
  frame.writeUInt32BE(38, 1);
  frame[5] = 0x72; // r
  frame.writeBigUInt64BE(lsn, 6);
  frame.writeBigUInt64BE(lsn, 14);
  frame.writeBigUInt64BE(lsn, 22);
  frame.writeBigInt64BE(BigInt(Math.round((nowMs - POSTGRES_EPOCH_MS) * 1000)), 30);
  frame[38] = askForReply ? 1 : 0;
  return frame;
}

/** The Query message that starts a stream of pgoutput. A slot that is further than `from` starts where it is. */
export function startReplication(slot: string, publication: string, from: bigint): Buffer {
  // A text of the replication grammar knows no escape but the doubled quote.
  const names = quoteSourceIdentifier(publication).replaceAll("'", "''");
  const command =
    `START_REPLICATION SLOT ${quoteSourceIdentifier(slot)} LOGICAL ${formatLsn(from)} ` +
    `(proto_version '1', publication_names '${names}')`;
  const text = Buffer.from(`${command}\0`);
  const frame = Buffer.alloc(5 + text.length);
  frame[0] = 0x51; // Q
  frame.writeUInt32BE(4 + text.length, 1);
  text.copy(frame, 5);
  return frame;
}

/** The fields of an ErrorResponse as an error with its SQLSTATE in `code`. */
export function serverError(bytes: Buffer, from: number, to: number): Error {
  let message = 'the server ended the stream';
  let code: string | undefined;
  for (let at = from; at < to && bytes[at] !== 0;) {
    const field = bytes[at];
    const end = bytes.indexOf(0, at + 1);
    if (end < 0 || end >= to) break;
    const text = bytes.toString('utf8', at + 1, end);
    if (field === 0x4d) message = text; // M
    if (field === 0x43) code = text; // C
    at = end + 1;
  }
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

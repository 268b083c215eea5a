import { createHash } from 'node:crypto';

/** First key of the advisory lock: `repo`. The second names the report; two names on one key only wait for each other. */
const REPORT = 0x7265706f;

/** Both keys of the lock that whoever changes a report holds. */
export function lockKeyOf(report: string): readonly [number, number] {
  return [REPORT, createHash('sha256').update(report).digest().readInt32BE(0)];
}

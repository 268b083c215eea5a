import { RollcallError, type ErrorCode } from '@rollcall/kernel';

/** The answer to one question of `rollcall doctor`. Never holds a secret. */
export interface Finding {
  /** What was looked at: `broker`, `warehouse`, a setting. */
  readonly part: string;
  readonly check: string;
  readonly ok: boolean;
  /** What was found: a version, an address, or why not. */
  readonly found: string;
  readonly code?: string;
  /** What to do about it; only where something is wrong. */
  readonly wayOut?: string;
}

const LIMIT_MS = 10_000;

/** What is not answered in time says, by part. */
const LATE: Readonly<Record<string, ErrorCode>> = {
  broker: 'nats/unavailable',
  warehouse: 'warehouse/unavailable',
  ops: 'warehouse/unavailable',
  lake: 'lake/unavailable',
  drops: 'lake/unavailable',
};

/** Asks one question; an error of the world is the answer no, and so is silence. Anything else is a bug and goes up. */
export async function examine(
  part: string,
  check: string,
  ask: () => Promise<string>,
  limitMs = LIMIT_MS,
): Promise<Finding> {
  const late = Promise.withResolvers<never>();
  const code = LATE[part] ?? 'config/invalid';
  const timer = setTimeout(() => late.reject(new RollcallError(code, `no answer in ${limitMs / 1000} s`)), limitMs);
  try {
    return { part, check, ok: true, found: await Promise.race([ask(), late.promise]) };
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return { part, check, ok: false, found: error.message, code: error.code, wayOut: error.hint };
  } finally {
    clearTimeout(timer);
  }
}

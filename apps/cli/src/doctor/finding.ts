import { RollcallError } from '@rollcall/kernel';

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

/** Asks one question; an error of the world is the answer no. Anything else is a bug and goes up. */
export async function examine(part: string, check: string, ask: () => Promise<string>): Promise<Finding> {
  try {
    return { part, check, ok: true, found: await ask() };
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return { part, check, ok: false, found: error.message, code: error.code, wayOut: error.hint };
  }
}

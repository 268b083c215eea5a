import type { Scope } from '@rollcall/reports/shown';

/** Who asks. */
export interface Visitor {
  /** Nobody has to sign in. */
  readonly open: boolean;
  /** The token's name; null: nobody in particular. */
  readonly name: string | null;
  readonly scopes: readonly Scope[];
  /** The same for all requests of one session, or with one token: open streams are counted by it. null: nobody in particular. */
  readonly key: string | null;
}

const EVERYTHING: readonly Scope[] = ['reports', 'records'];

/** On loopback, where no token is asked for. */
export const ANYBODY: Visitor = { open: true, name: null, scopes: EVERYTHING, key: null };

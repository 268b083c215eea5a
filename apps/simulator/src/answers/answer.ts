/** One answer of one participant to one question. */
export interface Answer {
  /** 24 hex digits for a known user, `z` and something for an anonymous one. */
  readonly participant: string;
  readonly event: string;
  readonly question: string;
  /** Milliseconds since 1970. */
  readonly atMs: number;
  /** Whether the log shows milliseconds; without them `atMs` is a whole second. */
  readonly showsMillis: boolean;
}

/** Anonymous users are known by the shape of their id. */
export function isAnonymous(participant: string): boolean {
  return participant.startsWith('z');
}

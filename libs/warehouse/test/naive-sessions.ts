/** Sessions recomputed without any SQL: what the derived tables must equal. */
export interface NaiveRow {
  readonly by: string;
  /** Microseconds since 1970, UTC. */
  readonly at: bigint;
  readonly participant: string;
  readonly question: string;
}

export interface NaiveSession {
  readonly session_id: string;
  readonly mode: 'gap' | 'half_day';
  readonly event_id: string;
  readonly answers: number;
  readonly participants: number;
  readonly questions: number;
  readonly first_at: bigint;
  readonly last_at: bigint;
}

export function gapSessions(rows: readonly NaiveRow[], gapSeconds: number): readonly NaiveSession[] {
  const sessions: NaiveSession[] = [];
  for (const ofOne of grouped(rows, (row) => row.by)) {
    const sorted = [...ofOne].sort((a, b) => Number(a.at - b.at));
    let run: NaiveRow[] = [];
    for (const row of sorted) {
      const last = run.at(-1);
      if (last !== undefined && row.at - last.at > BigInt(gapSeconds) * 1_000_000n) {
        sessions.push(summary('gap', `${last.by}_${stamp(run[0]?.at ?? 0n)}`, run));
        run = [];
      }
      run.push(row);
    }
    sessions.push(summary('gap', `${run[0]?.by ?? ''}_${stamp(run[0]?.at ?? 0n)}`, run));
  }
  return sessions;
}

export function halfDaySessions(
  rows: readonly NaiveRow[],
  morningUntilHour: number,
  zone: string,
): readonly NaiveSession[] {
  const id = (row: NaiveRow): string => {
    const { day, hour } = wallClock(row.at, zone);
    return `${row.by}_${day}_${hour < morningUntilHour ? 'Morning' : 'Afternoon'}`;
  };
  return grouped(rows, id).map((run) => summary('half_day', id(run[0] as NaiveRow), run));
}

function summary(mode: NaiveSession['mode'], sessionId: string, run: readonly NaiveRow[]): NaiveSession {
  const times = run.map((row) => row.at).sort((a, b) => Number(a - b));
  return {
    session_id: sessionId,
    mode,
    event_id: run[0]?.by ?? '',
    answers: run.length,
    participants: new Set(run.map((row) => row.participant)).size,
    questions: new Set(run.map((row) => row.question)).size,
    first_at: times[0] ?? 0n,
    last_at: times.at(-1) ?? 0n,
  };
}

function grouped<T>(rows: readonly T[], key: (row: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return [...groups.values()];
}

function stamp(at: bigint): string {
  return `${new Date(Number(at / 1_000_000n) * 1_000).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

function wallClock(at: bigint, zone: string): { readonly day: string; readonly hour: number } {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  const text = format.format(new Date(Number(at / 1_000n)));
  return { day: text.slice(0, 10), hour: Number(text.slice(11, 13)) };
}

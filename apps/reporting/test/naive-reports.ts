/** The shipped reports, counted without any SQL. */

export interface Answer {
  readonly participant: string;
  readonly event: string;
  readonly question: string;
  /** Milliseconds, UTC. */
  readonly at: number;
}

export interface AppEvent {
  readonly id: string;
  readonly event: string | null;
  readonly timestamp: string | null;
  readonly platform: string | null;
}

export interface Transaction {
  readonly id: number;
  readonly user: number;
  readonly cents: bigint;
  readonly type: string | null;
  /** `YYYY-MM-DD HH:MM:SS`, the shop's clock. */
  readonly at: string | null;
}

const GAP_MS = 30 * 60_000;
const MORNING_UNTIL = 13;

interface Session {
  readonly mode: 'gap' | 'half_day';
  readonly id: string;
  readonly answers: readonly Answer[];
}

export function answersPerSession(answers: readonly Answer[]): readonly object[] {
  return [...gapSessions(answers), ...halfDays(answers)].map(({ mode, id, answers: of }) => ({
    mode,
    session_id: id,
    event_id: of[0]?.event,
    answers: of.length,
    participants: new Set(of.map(({ participant }) => participant)).size,
    questions: new Set(of.map(({ question }) => question)).size,
    first: Math.min(...of.map(({ at }) => at)),
    last: Math.max(...of.map(({ at }) => at)),
  }));
}

export function sessionsPerUserMonth(answers: readonly Answer[]): readonly object[] {
  const sessionOf = new Map(gapSessions(answers).flatMap(({ id, answers: of }) => of.map((answer) => [answer, id])));
  const months = Map.groupBy(answers, ({ at }) => `${new Date(at).toISOString().slice(0, 7)}-01`);
  return [...months].sort(byKey).flatMap(([month, ofMonth]) => {
    const users = [...Map.groupBy(ofMonth, ({ participant }) => participant)].map(([participant, of]) => ({
      participant,
      sessions: new Set(of.map((answer) => sessionOf.get(answer))).size,
      answers: of.length,
    }));
    users.sort((a, b) => b.sessions - a.sessions || compare(a.participant, b.participant));
    const kept = Math.max(1, Math.floor(users.length / 10));
    return users.map((user, at) => ({
      month,
      participant_id: user.participant,
      sessions: user.sessions,
      answers: user.answers,
      activity_rank: at + 1,
      users: users.length,
      top_10_percent: at < kept,
    }));
  });
}

export function dailyEvents(events: readonly AppEvent[]): readonly object[] {
  const known = events.flatMap(({ event, timestamp, platform }) =>
    event === null || timestamp === null
      ? []
      : [JSON.stringify([event, timestamp.slice(0, 10), platform ?? '(not reported)'])],
  );
  return [...Map.groupBy(known, (key) => key)]
    .map(([key, of]) => ({ key: JSON.parse(key) as readonly [string, string, string], events: String(of.length) }))
    .sort((a, b) => compare(a.key.join('\0'), b.key.join('\0')))
    .map(({ key: [event, day, platform], events: count }) => ({ event, day, platform, events: count }));
}

/** Rows of `shop_activity` as texts. Averages are rounded half away from zero, as numeric is. */
export function shopActivity(transactions: readonly Transaction[]): readonly object[] {
  const counted = transactions.filter(({ type, at }) => type !== null && at !== null);
  return [...Map.groupBy(counted, ({ type, at }) => JSON.stringify([at?.slice(0, 10), type]))]
    .map(([key, of]) => {
      const [day, type] = JSON.parse(key) as readonly [string, string];
      const sum = of.reduce((all, { cents }) => all + cents, 0n);
      const count = BigInt(of.length);
      return {
        day,
        transaction_type: type,
        transactions: String(count),
        users: String(new Set(of.map(({ user }) => user)).size),
        amount: money(sum),
        average_amount: money((2n * sum + count) / (2n * count)),
      };
    })
    .sort((a, b) => compare(`${a.day}\0${a.transaction_type}`, `${b.day}\0${b.transaction_type}`));
}

function money(cents: bigint): string {
  return `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
}

function gapSessions(answers: readonly Answer[]): readonly Session[] {
  const sessions: Session[] = [];
  for (const [event, of] of Map.groupBy(answers, (answer) => answer.event)) {
    const sorted = [...of].sort((a, b) => a.at - b.at);
    let run: Answer[] = [];
    const close = (): void => {
      const [first] = run;
      if (first) sessions.push({ mode: 'gap', id: `${event}_${stamp(first.at)}`, answers: run });
      run = [];
    };
    for (const answer of sorted) {
      const last = run.at(-1);
      if (last && answer.at - last.at > GAP_MS) close();
      run.push(answer);
    }
    close();
  }
  return sessions.sort((a, b) => compare(a.id, b.id));
}

function halfDays(answers: readonly Answer[]): readonly Session[] {
  const idOf = ({ event, at }: Answer): string => {
    const wall = new Date(at);
    const half = wall.getUTCHours() < MORNING_UNTIL ? 'Morning' : 'Afternoon';
    return `${event}_${wall.toISOString().slice(0, 10)}_${half}`;
  };
  return [...Map.groupBy(answers, idOf)]
    .sort(byKey)
    .map(([id, of]) => ({ mode: 'half_day' as const, id, answers: of }));
}

/** `YYYYMMDDTHHMMSSZ` */
function stamp(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/** By bytes, as the database's collation C. */
function compare(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return compare(a[0], b[0]);
}

/**
 * What the reports over answers must say, computed from the text of the logs alone: no SQL, no code of the product.
 * The rules are those of the catalog: exact repeats count once, a gap of more than 30 minutes ends a session, mornings end at 13:00 UTC.
 */
export interface TrueAnswer {
  readonly participant: string;
  readonly event: string;
  readonly question: string;
  readonly atMs: number;
}

export type TrueRow = Readonly<Record<string, string | number | boolean>>;

const GAP_MS = 30 * 60_000;
const AFTERNOON_HOUR = 13;

/** Distinct answers of CSV logs with the header `user,anonymous,event_id,question_id,sent_at` (instants in UTC, whole seconds). */
export function answersOf(logs: readonly string[]): readonly TrueAnswer[] {
  const seen = new Map<string, TrueAnswer>();
  for (const log of logs) {
    const [header = '', ...lines] = log.trim().split(/\r?\n/);
    const names = header.split(',');
    const place = (name: string): number => {
      const at = names.indexOf(name);
      if (at < 0) throw new Error(`no column ${name} in ${header}`);
      return at;
    };
    const [user, event, question, sent] = [place('user'), place('event_id'), place('question_id'), place('sent_at')];
    for (const line of lines) {
      const fields = line.split(',');
      const [at = '', who = '', what = '', asked = ''] = [fields[sent], fields[user], fields[event], fields[question]];
      seen.set([who, what, asked, at].join(), {
        participant: who,
        event: what,
        question: asked,
        atMs: Date.parse(`${at.replace(' ', 'T')}Z`),
      });
    }
  }
  return [...seen.values()];
}

interface Session {
  readonly mode: string;
  readonly id: string;
  readonly event: string;
  readonly answers: readonly TrueAnswer[];
}

/** Rows of `answers_per_session`, in both modes. */
export function answersPerSession(answers: readonly TrueAnswer[]): readonly TrueRow[] {
  return [...gapSessions(answers), ...halfDaySessions(answers)].map(({ mode, id, event, answers: own }) => {
    const times = own.map((answer) => answer.atMs).sort((a, b) => a - b);
    return {
      mode,
      session_id: id,
      event_id: event,
      first_at: instant(times[0]),
      last_at: instant(times.at(-1)),
      answers: own.length,
      participants: new Set(own.map((answer) => answer.participant)).size,
      questions: new Set(own.map((answer) => answer.question)).size,
    };
  });
}

/** Rows of `sessions_per_user_month`, all users of every month. */
export function sessionsPerUserMonth(answers: readonly TrueAnswer[]): readonly TrueRow[] {
  const byUser = new Map<string, { month: string; participant: string; sessions: Set<string>; answers: number }>();
  for (const session of gapSessions(answers)) {
    for (const { participant, atMs } of session.answers) {
      const month = `${new Date(atMs).toISOString().slice(0, 7)}-01`;
      const key = `${month} ${participant}`;
      const entry = byUser.get(key) ?? { month, participant, sessions: new Set(), answers: 0 };
      entry.sessions.add(session.id);
      entry.answers += 1;
      byUser.set(key, entry);
    }
  }
  return [...Map.groupBy(byUser.values(), (entry) => entry.month).values()].flatMap((users) =>
    users
      .sort((a, b) => b.sessions.size - a.sessions.size || (a.participant < b.participant ? -1 : 1))
      .map((entry, at) => ({
        month: entry.month,
        participant_id: entry.participant,
        sessions: entry.sessions.size,
        answers: entry.answers,
        activity_rank: at + 1,
        users: users.length,
        top_10_percent: at < Math.max(1, Math.floor(users.length / 10)),
      })),
  );
}

function gapSessions(answers: readonly TrueAnswer[]): readonly Session[] {
  return [...Map.groupBy(answers, (answer) => answer.event)].flatMap(([event, own]) => {
    const sessions: TrueAnswer[][] = [];
    let lastMs = Number.NEGATIVE_INFINITY;
    for (const answer of own.toSorted((a, b) => a.atMs - b.atMs)) {
      if (answer.atMs - lastMs > GAP_MS) sessions.push([]);
      sessions.at(-1)?.push(answer);
      lastMs = answer.atMs;
    }
    return sessions.map((part) => ({
      mode: 'gap',
      id: `${event}_${new Date(part[0]?.atMs ?? 0).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`,
      event,
      answers: part,
    }));
  });
}

function halfDaySessions(answers: readonly TrueAnswer[]): readonly Session[] {
  const half = ({ event, atMs }: TrueAnswer): string => {
    const at = new Date(atMs);
    return `${event}_${at.toISOString().slice(0, 10)}_${at.getUTCHours() < AFTERNOON_HOUR ? 'Morning' : 'Afternoon'}`;
  };
  return [...Map.groupBy(answers, half)].map(([id, own]) => ({
    mode: 'half_day',
    id,
    event: own[0]?.event ?? '',
    answers: own,
  }));
}

function instant(atMs: number | undefined): string {
  return new Date(atMs ?? 0).toISOString().replace(/(\.\d{3})Z$/, '$1000Z');
}

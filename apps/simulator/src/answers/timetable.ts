import type { Random } from '../random.js';
import type { Population, QuizEvent } from './population.js';

/** One presentation of an event to a class. */
export interface Session {
  readonly event: QuizEvent;
  readonly seats: readonly number[];
  /** Milliseconds since 1970. */
  readonly startMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Sessions of one event start at least this far apart, so that a pause of 30 minutes always parts them. */
const APART_MS = 2 * HOUR_MS;

/** After so many draws that found no room the timetable is full. */
const MAX_MISSES = 1000;

/** The longest a session lasts: seven questions, each open for three minutes, and late repeats. */
export const SESSION_MS = 30 * 60_000;

/**
 * The sessions of a stretch of time: teachers reuse their events on several days, in the morning and in the afternoon, now and then twice in
 * one afternoon. In no order of time; ends when there is no room left. A pure function of its arguments.
 * @param fromMs the first instant a session may start at
 * @param toMs the instant before which all have ended; at least `SESSION_MS` later
 */
export function* timetable(random: Random, people: Population, fromMs: number, toMs: number): Generator<Session> {
  const startsOf = new Map<string, number[]>();
  const firstDay = Math.floor(fromMs / DAY_MS);
  const days = Math.max(1, Math.ceil(toMs / DAY_MS) - firstDay);
  for (let misses = 0; misses < MAX_MISSES; misses += 1) {
    const teacher = random.pick(people.teachers);
    const event = random.pick(teacher.events);
    const seats = random.pick(teacher.classes);
    const day = (firstDay + random.below(days)) * DAY_MS;
    for (const hour of hoursOfDay(random)) {
      const startMs = Math.min(Math.max(day + Math.round(hour * HOUR_MS), fromMs), toMs - SESSION_MS);
      const starts = startsOf.get(event.id) ?? [];
      if (starts.some((other) => Math.abs(other - startMs) < APART_MS)) continue;
      starts.push(startMs);
      startsOf.set(event.id, starts);
      misses = 0;
      yield { event, seats, startMs };
    }
  }
}

function hoursOfDay(random: Random): readonly number[] {
  const morning = 8 + random.next() * 3;
  const afternoon = 13 + random.next() * 1.5;
  const draw = random.next();
  if (draw < 0.4) return [morning];
  if (draw < 0.75) return [afternoon];
  if (draw < 0.93) return [morning, afternoon];
  // Two in one afternoon: by the half day one session, by the pause two.
  if (draw < 0.97) return [afternoon, afternoon + 2.5];
  // Over the end of the morning (13:00), or over midnight: by the half day two, by the pause one.
  return draw < 0.99 ? [12.8] : [23.8];
}

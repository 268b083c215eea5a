import { Random } from '../random.js';
import { isAnonymous, type Answer } from './answer.js';
import { ANSWERS_SCHEMAS, type AnswersSchemaName } from './answers-schema.js';
import { population, type PopulationSize } from './population.js';
import { sessionAnswers } from './session-answers.js';
import { timetable } from './timetable.js';

export interface AnswersPlan {
  /** The people: the same seed gives the same students, teachers and events in every log. */
  readonly peopleSeed: string;
  readonly people: PopulationSize;
  /** What they do. */
  readonly seed: string;
  readonly schema: AnswersSchemaName;
  readonly fromMs: number;
  readonly toMs: number;
  /** About so many rows: the log ends with the session that reaches it, or when the timetable is full. */
  readonly rows: number;
  /** Share of the rows that are there twice, exactly. */
  readonly duplicateShare: number;
}

/** What stands in a log, exactly. */
export interface AnswersTally {
  /** Rows with the repeats: `distinctAnswers + duplicates`. */
  readonly rows: number;
  readonly distinctAnswers: number;
  readonly duplicates: number;
  /** Sessions by a pause of 30 minutes. */
  readonly sessions: number;
  readonly events: number;
  readonly participants: number;
  readonly anonymousAnswers: number;
}

/** An answers log in no order of time; a pure function of the plan. */
export function answersLog(plan: AnswersPlan): { readonly rows: readonly Answer[]; readonly tally: AnswersTally } {
  const people = population(new Random(`people:${plan.peopleSeed}`), plan.people);
  const random = new Random(`answers:${plan.seed}`);
  const answers: Answer[] = [];
  const wanted = plan.rows * (1 - plan.duplicateShare);
  let sessions = 0;
  for (const session of timetable(random.fork('timetable'), people, plan.fromMs, plan.toMs)) {
    answers.push(...sessionAnswers(random, session, people, ANSWERS_SCHEMAS[plan.schema]));
    sessions += 1;
    if (answers.length >= wanted) break;
  }
  const repeats = answers.filter(() => random.chance(plan.duplicateShare));
  const rows = shuffle(random, [...answers, ...repeats]);
  return {
    rows,
    tally: {
      rows: rows.length,
      distinctAnswers: answers.length,
      duplicates: repeats.length,
      sessions,
      events: new Set(answers.map((a) => a.event)).size,
      participants: new Set(answers.map((a) => a.participant)).size,
      anonymousAnswers: answers.filter((a) => isAnonymous(a.participant)).length,
    },
  };
}

/** People for a log of so many rows over about a year: a teacher's sessions give some six thousand answers. */
export function populationFor(rows: number): PopulationSize {
  const teachers = Math.max(4, Math.ceil(rows / 6_000));
  return { teachers, students: teachers * 40 };
}

function shuffle(random: Random, rows: Answer[]): Answer[] {
  for (let last = rows.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    const [a, b] = [rows[last], rows[other]];
    if (a && b) [rows[last], rows[other]] = [b, a];
  }
  return rows;
}

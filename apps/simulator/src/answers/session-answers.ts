import type { Random } from '../random.js';
import type { Answer } from './answer.js';
import type { AnswersSchema } from './answers-schema.js';
import type { Population } from './population.js';
import type { Session } from './timetable.js';

const ATTENDS = 0.85;
const ANSWERS_QUESTION = 0.93;
const ANSWERS_AGAIN = 0.015;

/** What the participants of one session answered: known students of the class and a few anonymous guests, question after question. */
export function sessionAnswers(
  random: Random,
  session: Session,
  people: Population,
  schema: AnswersSchema,
): readonly Answer[] {
  const present = session.seats.filter(() => random.chance(ATTENDS)).map((seat) => people.students[seat] ?? '');
  for (let guests = random.between(0, 6); guests > 0; guests -= 1) present.push(schema.anonymousId(random));
  const answers: Answer[] = [];
  let opensMs = session.startMs;
  for (const question of session.event.questions) {
    for (const participant of present) {
      if (!random.chance(ANSWERS_QUESTION)) continue;
      const first = opensMs + random.between(2_000, 60_000);
      answers.push(answer(random, participant, session, question, first, schema));
      if (random.chance(ANSWERS_AGAIN)) {
        // At least a second later: another answer also where the log shows whole seconds.
        answers.push(answer(random, participant, session, question, first + random.between(1_000, 20_000), schema));
      }
    }
    opensMs += random.between(90_000, 180_000);
  }
  return answers;
}

function answer(
  random: Random,
  participant: string,
  session: Session,
  question: string,
  atMs: number,
  schema: AnswersSchema,
): Answer {
  const showsMillis = random.chance(schema.millisShare);
  const event = session.event.id;
  return { participant, event, question, atMs: showsMillis ? atMs : Math.floor(atMs / 1000) * 1000, showsMillis };
}

import type { Random } from '../random.js';

/** A group of questions that a teacher presents again and again. */
export interface QuizEvent {
  readonly id: string;
  readonly questions: readonly string[];
}

/** A teacher: a few events, and the classes they are presented to (indices into the students). */
export interface Teacher {
  readonly events: readonly QuizEvent[];
  readonly classes: readonly (readonly number[])[];
}

export interface Population {
  readonly teachers: readonly Teacher[];
  /** Known users: 24 hex digits. */
  readonly students: readonly string[];
}

export interface PopulationSize {
  readonly teachers: number;
  readonly students: number;
}

/**
 * Who takes part. It depends on its seed only, so that the same people come back in every log of one simulator; a larger population has the
 * students and events of a smaller one and more.
 * A student sits in several classes, and some are far more active than others.
 */
export function population(random: Random, size: PopulationSize): Population {
  const ids = random.fork('students');
  const students = Array.from({ length: size.students }, () => ids.hex(24));
  const teachers = Array.from({ length: size.teachers }, (_, n) => teacher(random.fork(`teacher-${n}`), size.students));
  return { students, teachers };
}

function teacher(random: Random, students: number): Teacher {
  const events = Array.from({ length: random.between(2, 5) }, () => ({
    id: random.hex(24),
    questions: Array.from({ length: random.between(4, 7) }, () => random.hex(24)),
  }));
  const classes = Array.from({ length: random.between(2, 4) }, () => classOf(random, students));
  return { events, classes };
}

/** Twenty to forty students; the square of the draw makes those with a low number sit in many classes. */
function classOf(random: Random, students: number): readonly number[] {
  const seats = new Set<number>();
  const wanted = Math.min(random.between(20, 40), students);
  while (seats.size < wanted) seats.add(Math.floor(random.next() ** 2 * students));
  return [...seats];
}

import { sha256Hex } from '@rollcall/kernel';
import type { Random } from '../random.js';
import { isAnonymous, type Answer } from './answer.js';

export type FieldValue = string | boolean;

/** The form in which one database writes its answers log. */
export interface AnswersSchema {
  readonly columns: readonly string[];
  readonly lineEnd: '\n' | '\r\n';
  /** Share of the rows that show milliseconds. */
  readonly millisShare: number;
  /** The values in the order of the columns. */
  readonly values: (answer: Answer) => readonly FieldValue[];
  readonly anonymousId: (random: Random) => string;
}

const BASE36 = '0123456789abcdefghijklmnopqrstuvwxyz';

/** `user,anonymous,event_id,question_id,sent_at`: whole seconds without a zone, CRLF, anonymous users as `z` and four characters. */
const user: AnswersSchema = {
  columns: ['user', 'anonymous', 'event_id', 'question_id', 'sent_at'],
  lineEnd: '\r\n',
  millisShare: 0,
  values: (a) => [a.participant, isAnonymous(a.participant), a.event, a.question, secondText(a.atMs)],
  anonymousId: (random) => `z${Array.from({ length: 4 }, () => BASE36.charAt(random.below(36))).join('')}`,
};

/** `type,participant_id,event_id,created_at,object_id`: ISO 8601 with and without milliseconds, anonymous users as `z` and 8 to 13 digits. */
const participant: AnswersSchema = {
  columns: ['type', 'participant_id', 'event_id', 'created_at', 'object_id'],
  lineEnd: '\n',
  millisShare: 0.5,
  values: (a) => ['question-answer', participantText(a.participant), a.event, isoText(a), a.question],
  anonymousId: (random) => `z${random.digits(random.between(8, 13))}`,
};

export const ANSWERS_SCHEMAS = { user, participant } as const satisfies Record<string, AnswersSchema>;
export type AnswersSchemaName = keyof typeof ANSWERS_SCHEMAS;

function secondText(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 19).replace('T', ' ');
}

function isoText({ atMs, showsMillis }: Answer): string {
  const iso = new Date(atMs).toISOString();
  return showsMillis ? iso : `${iso.slice(0, 19)}Z`;
}

/** One known user in sixteen is written as an opaque id, always the same: `+` and 62 hex digits. */
function participantText(id: string): string {
  return isAnonymous(id) || !id.startsWith('f') ? id : `+${sha256Hex(id).slice(0, 62)}`;
}

import { rowKey, type Value } from '@rollcall/catalog';
import { type Warehouse } from '../src/index.js';
import { datasetOf, positionOf, type TestRow } from './batches.js';
import type { NaiveRow, NaiveSession } from './naive-sessions.js';

export const ANSWERS = datasetOf(answersYaml('UTC'));

export function answersYaml(zone: string): string {
  const sessions =
    'into: answer_session, by: event_id, at: created_at, count: answers, distinct: { participants: participant_id, questions: object_id }';
  return `
source: answers_log
kind: logs
datasets:
  answers:
    description: One answer
    capture: { mode: events }
    key: { hash: [type, event_id, participant_id, object_id, created_at] }
    zone: ${zone}
    columns:
      type: { type: text }
      event_id: { type: text }
      participant_id: { type: text, trim: true }
      object_id: { type: text }
      created_at: { type: timestamptz }
    derive:
      - sessions: { ${sessions}, column: session_id, gap: 30m }
      - sessions: { ${sessions}, column: half_day_session_id, mode: half_day }
`;
}

export function answerRow(answer: NaiveRow, point: number, index: number, op: 'u' | 'd' = 'u'): TestRow {
  const values: Record<string, Value> = {
    type: 'question-answer',
    event_id: answer.by,
    participant_id: answer.participant,
    object_id: answer.question,
    created_at: answer.at,
  };
  const key = rowKey(
    ANSWERS,
    ANSWERS.columns.map((column) => values[column.name] ?? null),
  );
  return { op, position: positionOf(point, index), key, values };
}

/** The derived table, in the shape of the naive ones. */
export async function sessionsIn(warehouse: Warehouse): Promise<readonly NaiveSession[]> {
  const rows = await warehouse.query<
    Record<'answers' | 'participants' | 'questions' | 'first_at' | 'last_at' | 'session_id' | 'event_id', string> & {
      mode: 'gap' | 'half_day';
    }
  >(
    `SELECT session_id, mode, event_id, answers, participants, questions,
            (extract(epoch FROM first_at) * 1000000)::bigint AS first_at, (extract(epoch FROM last_at) * 1000000)::bigint AS last_at
     FROM analytics.answer_session`,
  );
  return rows.map((row) => ({
    session_id: row.session_id,
    mode: row.mode,
    event_id: row.event_id,
    answers: Number(row.answers),
    participants: Number(row.participants),
    questions: Number(row.questions),
    first_at: BigInt(row.first_at),
    last_at: BigInt(row.last_at),
  }));
}

export function byId(sessions: readonly NaiveSession[]): readonly NaiveSession[] {
  return [...sessions].sort((a, b) => (a.session_id < b.session_id ? -1 : 1));
}

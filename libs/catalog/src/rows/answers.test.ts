import { describe, expect, test } from 'vitest';
import { ANSWERS_HEADER, dataset, fromCsv, fromJson } from '../../test/shown-rows.js';
import { buildCsvRowReader } from './csv-row.js';
import { buildRowReader } from './record-to-row.js';

const AT = 1_622_630_694_000_000n;
const ANSWER = {
  type: 'question-answer',
  event_id: 'e',
  participant_id: 'zqa17',
  anonymous: true,
  object_id: 'q',
  created_at: AT,
};

describe('both schemas of answers make the same row', () => {
  test('fields user, question_id, sent_at', () => {
    expect(
      fromJson('answers', {
        user: 'zqa17',
        anonymous: true,
        event_id: 'e',
        question_id: 'q',
        sent_at: '2021-06-02 10:44:54',
      }),
    ).toEqual(ANSWER);
    expect(fromCsv('answers', ANSWERS_HEADER, 'zqa17,True,e,q,2021-06-02 10:44:54')).toEqual(ANSWER);
  });

  test('fields participant_id, object_id, created_at, without anonymous', () => {
    expect(
      fromJson('answers', {
        type: 'question-answer',
        participant_id: ' zqa17 ',
        event_id: 'e',
        object_id: 'q',
        created_at: 1_622_630_694_000,
      }),
    ).toEqual(ANSWER);
    expect(
      fromCsv(
        'answers',
        'type,participant_id,event_id,created_at,object_id',
        'question-answer,zqa17,e,2021-06-02T10:44:54.000Z,q',
      ),
    ).toEqual(ANSWER);
  });

  test('one key whatever the door and the schema', () => {
    const keys = [
      buildRowReader(dataset('answers'))({
        user: 'z1',
        event_id: 'e',
        question_id: 'q',
        sent_at: '2021-06-02T12:44:54+0200',
      }),
      buildRowReader(dataset('answers'))({
        participant_id: 'z1',
        event_id: 'e',
        object_id: 'q',
        created_at: 1_622_630_694,
        anonymous: false,
      }),
      buildCsvRowReader(
        dataset('answers'),
        ANSWERS_HEADER.split(','),
      )(['z1', 'True', 'e', 'q', '2021-06-02 10:44:54.000000']),
    ].map((outcome) => (outcome.kind === 'ok' ? outcome.value.key : outcome));
    // Stored in warehouses: it must never change.
    expect(new Set(keys)).toEqual(new Set(['3a70569bfcb4e29033e863cf276e8eeb87471c4ba97be2c33b7bfa6931bcb1a3']));
  });

  test.each([
    ['70c2a81e4f9b36d05e27c4f9', false],
    ['z1234567890', true],
    ['+0123', false],
  ])('anonymous, when absent, is what the id says: %s', (participant_id, anonymous) => {
    const row = fromJson('answers', { participant_id, event_id: 'e', object_id: 'q', created_at: '2021-06-02' });
    expect(row).toMatchObject({ anonymous });
  });

  test('anonymous, when given, is what is given', () => {
    expect(fromCsv('answers', ANSWERS_HEADER, 'zqa17,False,e,q,2021-06-02 10:44:54')).toMatchObject({
      anonymous: false,
    });
  });
});

describe('what identifies a row', () => {
  test.each([
    ['is absent', { event_id: 'e', object_id: 'q', created_at: '2021-06-02' }, ['missing-key', 'participant_id']],
    [
      'is null',
      { user: null, event_id: 'e', object_id: 'q', created_at: '2021-06-02' },
      ['missing-key', 'participant_id'],
    ],
    ['does not fit', { user: 'u', event_id: 'e', object_id: 'q', created_at: '2021-02-30' }, ['bad-key', 'created_at']],
    ['is a map', { user: {}, event_id: 'e', object_id: 'q', created_at: '2021-06-02' }, ['bad-key', 'participant_id']],
    [
      'holds NUL',
      { user: 'a\0', event_id: 'e', object_id: 'q', created_at: '2021-06-02' },
      ['bad-key', 'participant_id'],
    ],
  ])('makes the record dead when it %s', (_how, record, outcome) => {
    expect(fromJson('answers', record)).toEqual(outcome);
  });

  test('may be the empty text in JSON, but nothing in CSV', () => {
    const record = { user: '', event_id: 'e', object_id: 'q', created_at: '2021-06-02' };
    expect(fromJson('answers', record)).toMatchObject({ participant_id: '' });
    expect(fromCsv('answers', ANSWERS_HEADER, ',True,e,q,2021-06-02')).toEqual(['missing-key', 'participant_id']);
  });

  test('may come from its absent rule', () => {
    expect(fromCsv('answers', `type,${ANSWERS_HEADER}`, ',u,,e,q,2021-06-02')).toMatchObject({
      type: 'question-answer',
    });
  });
});

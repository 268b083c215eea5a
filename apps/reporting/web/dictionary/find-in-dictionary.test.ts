import type { DictionaryAnswer } from '@rollcall/reports/shown';
import { expect, test } from 'vitest';
import { findInDictionary } from './find-in-dictionary.js';

const answer: DictionaryAnswer = {
  reports: [],
  datasets: [
    {
      dataset: 'answers',
      source: 'answer_logs',
      description: 'Answers given',
      key: ['id'],
      columns: [
        { name: 'participant_id', type: 'text', description: 'Who answered', pii: 'pseudonym' },
        { name: 'created_at', type: 'timestamptz', description: 'When', pii: 'none' },
      ],
    },
  ],
};
const columnsFound = (words: string) =>
  findInDictionary(answer, words).datasets.flatMap(({ columns }) => columns.map(({ name }) => name));

test('no words find everything', () => {
  expect(findInDictionary(answer, '  ')).toBe(answer);
});

test('a dataset found by its own text keeps all columns', () => {
  expect(columnsFound('GIVEN')).toEqual(['participant_id', 'created_at']);
});

test('a column is found by its text, its dataset and its pii together', () => {
  expect(columnsFound('answers who pseudonym')).toEqual(['participant_id']);
  expect(columnsFound('nothing of that')).toEqual([]);
});

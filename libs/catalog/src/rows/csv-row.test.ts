import { describe, expect, test } from 'vitest';
import { ANSWERS_HEADER, dataset, fromCsv, key, shown } from '../../test/shown-rows.js';
import { buildCsvRowReader, csvHeaderFaults } from './csv-row.js';

describe('in CSV', () => {
  test('the text of a json column is the JSON', () => {
    const read = buildCsvRowReader(dataset('people'), ['id', 'extra'], { piiKey: key });
    expect(shown('people', read(['1', '{"a":1}']))).toMatchObject({ extra: '{"a":1}' });
  });

  test("nothing is '' in a text column, else NULL or what the absent rule says", () => {
    expect(fromCsv('people', 'id,name,score,extra', '1,,,')).toMatchObject({ name: '', score: '0.0', extra: null });
    expect(fromCsv('loose', 'a,b', ',  ')).toEqual({ a: '', b: null });
  });

  test('a column without a field is NULL, not empty', () => {
    expect(fromCsv('loose', 'b', '1')).toEqual({ a: null, b: 1 });
  });

  test.each([['1'], ['1,2,3']])('a line with another number of fields is dead: %s', (line) => {
    expect(fromCsv('loose', 'a,b', line)).toEqual(['field-count', `${line.split(',').length} fields, not 2`]);
  });

  test('fields without a name, and the second of one name, stay by their place', () => {
    expect(fromCsv('loose', ',a,x,a,x', '7,first,1,second,2')).toEqual({
      a: 'first',
      b: null,
      _rest: { column_1: '7', x: '1', a_4: 'second', x_5: '2' },
    });
  });

  test.each<[string, string, readonly string[]]>([
    ['answers', ANSWERS_HEADER, []],
    [
      'answers',
      'user,event_id',
      [
        'no field for key column object_id (looked for object_id, question_id)',
        'no field for key column created_at (looked for created_at, sent_at)',
      ],
    ],
    ['loose', 'a,b,a', ['field "a" stands twice in the header']],
    ['loose', ',,', []],
  ])('a header of %s is judged: %s', (name, header, faults) => {
    expect(csvHeaderFaults(dataset(name), header.split(','))).toEqual(faults);
  });
});

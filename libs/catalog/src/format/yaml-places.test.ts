import { expect, test } from 'vitest';
import { YamlPlaces } from './yaml-places.js';

const TEXT = ['a:', '  sql: |', '    SELECT one,', '      two', '', '    FROM three', 'b: "SELECT four"', ''].join(
  '\n',
);

test.each([
  ['SELECT', 3, 5],
  ['one', 3, 12],
  ['two', 4, 7],
  ['three', 6, 10],
])('a word of a block text stands at its own line: %s', (word, line, column) => {
  const places = new YamlPlaces(TEXT, 'x.yaml');
  const { sql } = (places.data as { a: { sql: string } }).a;
  expect(places.inText(['a', 'sql'], sql.indexOf(word), 'rule', 'message')).toMatchObject({ line, column });
});

test('in a text of one line the place is its beginning', () => {
  const places = new YamlPlaces(TEXT, 'x.yaml');
  expect(places.inText(['b'], 7, 'rule', 'message')).toMatchObject({ line: 7, column: 4 });
});

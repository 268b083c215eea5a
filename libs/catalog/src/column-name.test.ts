import fc from 'fast-check';
import { expect, test } from 'vitest';
import { columnName } from './column-name.js';

test.each([
  ['created_at', 'created_at'],
  ['Question Text', 'question_text'],
  ['userId', 'user_id'],
  ['HTTPServerName', 'http_server_name'],
  ['login.uuid', 'login_uuid'],
  ['E-mail (work)', 'e_mail_work'],
  ['  spaced  ', 'spaced'],
  ['a__b', 'a_b'],
  ['_id', 'id'],
  ['trailing_', 'trailing'],
  ['2nd', 'c_2nd'],
  ['Größe', 'grosse'],
  ['Élève', 'eleve'],
  ['utf8', 'utf8'],
  ['ID', 'id'],
])('%s becomes %s', (text, name) => {
  expect(columnName(text)).toBe(name);
});

// These stand in warehouses: they must never change.
test.each([
  ['', 'c_e3b0c442'],
  ['名前', 'c_7ec26292'],
  ['住所', 'c_f7107db3'],
  ['name 名前', 'name_b4c71a01'],
  ['x'.repeat(64), 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_7ce10097'],
  [`${'long_'.repeat(20)}name`, 'long_long_long_long_long_long_long_long_long_long_long_a9104f46'],
])('%s keeps a hash of what had to go: %s', (text, name) => {
  expect(columnName(text)).toBe(name);
});

test('whatever the text, the name is one, and is its own name', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 60, maxLength: 200 })), (text) => {
      const name = columnName(text);
      expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(name.length).toBeLessThanOrEqual(63);
      expect(columnName(name)).toBe(name);
      expect(columnName(text)).toBe(name);
    }),
    { numRuns: 2000 },
  );
});

import { describe, expect, test } from 'vitest';
import { column, dataset, fromJson, key } from '../../test/shown-rows.js';
import { applyPolicy, MASKED } from '../policy/apply-policy.js';
import { buildCsvRowReader } from './csv-row.js';
import { buildRowReader } from './record-to-row.js';

describe('policies', () => {
  const email = applyPolicy({ ...column('people', 'email') }, 'ada@example.com', key);

  test('are applied, cleaned first', () => {
    const row = fromJson('people', { id: 1, email: ' Ada@Example.com ', phone: '123', password: 'hunter2' });
    expect(row).toMatchObject({ email, phone: MASKED, password: null });
    expect(row).not.toHaveProperty('_rest');
  });

  test('hold for what does not fit, for other spellings, and for values that are no text', () => {
    const reader = buildRowReader(dataset('people'), { piiKey: key });
    const records = [
      { id: 1, email: { mail: 'ada@example.com' }, phone: ['ada@example.com'], password: { p: 'ada@example.com' } },
      { id: 1, Email: 'ada@example.com', PHONE: 'ada@example.com', 'pass word': null, Password: 'ada@example.com' },
      {
        id: 1,
        email: 'x',
        Email: 'ada@example.com',
        phone: '1',
        Phone: 'ada@example.com',
        password: 'y',
        Password: 'ada@example.com',
      },
      { id: 1, email: 'ada@example.com\0' },
    ];
    for (const record of records) {
      expect(JSON.stringify(reader(record))).not.toContain('ada@example.com');
    }
  });

  test('without a key nothing is read at all', () => {
    const missing = expect.objectContaining({ code: 'config/invalid', message: expect.stringContaining('email') });
    expect(() => buildRowReader(dataset('people'))).toThrow(missing);
    expect(() => buildCsvRowReader(dataset('people'), ['id'])).toThrow(missing);
  });
});

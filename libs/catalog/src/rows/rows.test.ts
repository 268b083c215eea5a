import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../dataset.js';
import { parseSource } from '../format/parse-source.js';
import { applyPolicy, MASKED } from '../policy/apply-policy.js';
import { piiKey } from '../policy/pii-key.js';
import { buildCsvRowReader, csvHeaderFaults } from './csv-row.js';
import { buildRowReader } from './record-to-row.js';

const text = readFileSync(new URL('../../fixtures/rows/sources.yaml', import.meta.url), 'utf8');
const datasets = new Map(parseSource(text, 'sources.yaml').source?.datasets.map((one) => [one.name, one]));
const key = piiKey('a secret');

function dataset(name: string): Dataset {
  const found = datasets.get(name);
  if (!found) throw new RangeError(`no dataset ${name}`);
  return found;
}

/** A row as an object; the reason where it is dead. */
function shown(name: string, outcome: ReturnType<ReturnType<typeof buildRowReader>>): unknown {
  if (outcome.kind !== 'ok') return outcome.kind === 'dead' ? [outcome.reason, outcome.cause] : outcome;
  const { values, rest } = outcome.value;
  const row = Object.fromEntries(dataset(name).columns.map((column, at) => [column.name, values[at]]));
  return rest === null ? row : { ...row, _rest: JSON.parse(rest) as unknown };
}

const fromJson = (name: string, record: unknown): unknown =>
  shown(name, buildRowReader(dataset(name), { piiKey: key })(record));
const fromCsv = (name: string, header: string, line: string): unknown =>
  shown(name, buildCsvRowReader(dataset(name), header.split(','), { piiKey: key })(line.split(',')));

const AT = 1_622_630_694_000_000n;
const ANSWER = {
  type: 'question-answer',
  event_id: 'e',
  participant_id: 'zdd90',
  anonymous: true,
  object_id: 'q',
  created_at: AT,
};
const HEADER = 'user,anonymous,event_id,question_id,sent_at';

describe('both schemas of answers make the same row', () => {
  test('fields user, question_id, sent_at', () => {
    expect(
      fromJson('answers', {
        user: 'zdd90',
        anonymous: true,
        event_id: 'e',
        question_id: 'q',
        sent_at: '2021-06-02 10:44:54',
      }),
    ).toEqual(ANSWER);
    expect(fromCsv('answers', HEADER, 'zdd90,True,e,q,2021-06-02 10:44:54')).toEqual(ANSWER);
  });

  test('fields participant_id, object_id, created_at, without anonymous', () => {
    expect(
      fromJson('answers', {
        type: 'question-answer',
        participant_id: ' zdd90 ',
        event_id: 'e',
        object_id: 'q',
        created_at: 1_622_630_694_000,
      }),
    ).toEqual(ANSWER);
    expect(
      fromCsv(
        'answers',
        'type,participant_id,event_id,created_at,object_id',
        'question-answer,zdd90,e,2021-06-02T10:44:54.000Z,q',
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
      buildCsvRowReader(dataset('answers'), HEADER.split(','))(['z1', 'True', 'e', 'q', '2021-06-02 10:44:54.000000']),
    ].map((outcome) => (outcome.kind === 'ok' ? outcome.value.key : outcome));
    // Stored in warehouses: it must never change.
    expect(new Set(keys)).toEqual(new Set(['3a70569bfcb4e29033e863cf276e8eeb87471c4ba97be2c33b7bfa6931bcb1a3']));
  });

  test.each([
    ['656f1d964407d1872251cb1d', false],
    ['z1234567890', true],
    ['+0123', false],
  ])('anonymous, when absent, is what the id says: %s', (participant_id, anonymous) => {
    const row = fromJson('answers', { participant_id, event_id: 'e', object_id: 'q', created_at: '2021-06-02' });
    expect(row).toMatchObject({ anonymous });
  });

  test('anonymous, when given, is what is given', () => {
    expect(fromCsv('answers', HEADER, 'zdd90,False,e,q,2021-06-02 10:44:54')).toMatchObject({ anonymous: false });
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
    expect(fromCsv('answers', HEADER, ',True,e,q,2021-06-02')).toEqual(['missing-key', 'participant_id']);
  });

  test('may come from its absent rule', () => {
    expect(fromCsv('answers', `type,${HEADER}`, ',u,,e,q,2021-06-02')).toMatchObject({ type: 'question-answer' });
  });
});

describe('what no column takes', () => {
  test('an unknown field stays as it is, nested ones as JSON', () => {
    const row = fromJson('loose', { a: 'x', more: { deep: [1, 'two', null] }, flag: false, none: null });
    expect(row).toEqual({ a: 'x', b: null, _rest: { more: { deep: [1, 'two', null] }, flag: false } });
  });

  test('a value that does not fit stays as its text, and the column is NULL', () => {
    expect(fromJson('loose', { b: '12.5' })).toEqual({ a: null, b: null, _rest: { b: '12.5' } });
    expect(fromJson('loose', { b: { n: 1 } })).toEqual({ a: null, b: null, _rest: { b: '{"n":1}' } });
    expect(fromCsv('loose', 'a,b', 'x,many')).toEqual({ a: 'x', b: null, _rest: { b: 'many' } });
  });

  test('NUL and unpaired surrogates, which no warehouse takes, become visible', () => {
    const row = fromJson('loose', { a: 'x\0y', 'bad\0name': '\ud800', fine: 'é🎉' });
    expect(row).toEqual({ a: null, b: null, _rest: { a: 'x\\u0000y', 'bad\\u0000name': '\\ud800', fine: 'é🎉' } });
  });

  test('a field named like a part of every object is a field', () => {
    const record: unknown = JSON.parse('{"a":"x","__proto__":{"b":1},"constructor":"c","toString":null}');
    const outcome = buildRowReader(dataset('loose'))(record);
    expect(outcome).toMatchObject({ value: { values: ['x', null], rest: '{"__proto__":{"b":1},"constructor":"c"}' } });
  });

  test('a record nested too deep is dead', () => {
    const deep: unknown = JSON.parse(`{"more":${'['.repeat(600)}${']'.repeat(600)}}`);
    expect(fromJson('loose', deep)).toEqual(['too-deep', undefined]);
  });

  test.each([[null], ['text'], [7], [[{ a: 1 }]], [undefined]])('%j is no record', (record) => {
    expect(fromJson('loose', record)).toEqual(['not-an-object', undefined]);
  });
});

describe('several fields of one column', () => {
  test('the first by the order of the catalog wins, wherever it stands in the record', () => {
    const expected = { id: 1, name: 'own', _rest: { full_name: 'second', 'Full Name': 'third' } };
    expect(fromJson('people', { id: 1, name: 'own', full_name: 'second', 'Full Name': 'third' })).toMatchObject(
      expected,
    );
    expect(fromJson('people', { id: 1, 'Full Name': 'third', full_name: 'second', name: 'own' })).toMatchObject(
      expected,
    );
    expect(fromCsv('people', 'id,Full Name,full_name,name', '1,third,second,own')).toMatchObject(expected);
  });

  test('null, and in CSV nothing, leaves the place to the next', () => {
    expect(fromJson('people', { id: 1, name: null, full_name: 'second' })).toMatchObject({ name: 'second' });
    expect(fromCsv('people', 'id,name,full_name', '1,,second')).toMatchObject({ name: 'second' });
  });

  test('the same text twice is said once', () => {
    const row = fromJson('people', { id: 1, name: 'x', full_name: 'x' });
    expect(row).not.toHaveProperty('_rest');
  });

  test('a field that only differs in how it is written feeds the column too', () => {
    expect(
      fromJson('answers', { 'Event ID': 'e', User: 'u', questionId: 'q', object_id: 'q', createdAt: '2021-06-02' }),
    ).toEqual(['missing-key', 'participant_id']);
    expect(fromJson('people', { ID: 1, Name: 'x', EMail: 'a' })).toMatchObject({ id: 1, name: 'x' });
  });
});

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

describe('in JSON', () => {
  test('a string in a json column is a JSON string, a list in an array column its text', () => {
    const row = fromJson('people', { id: 1, extra: '{"a":1}', tags: ['x', 1] });
    expect(row).toMatchObject({ extra: '"{\\"a\\":1}"', tags: '["x",1]' });
  });

  test('null is absent: the absent rule speaks', () => {
    expect(fromJson('people', { id: 1, score: null })).toMatchObject({ score: '0.0' });
  });
});

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
    ['answers', HEADER, []],
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

test('whatever a record holds, it is a row or dead, and _rest is JSON', () => {
  const readers = ['answers', 'people', 'loose'].map((name) => buildRowReader(dataset(name), { piiKey: key }));
  const field = fc.constantFrom(
    'id',
    'a',
    'b',
    'user',
    'event_id',
    'object_id',
    'created_at',
    'email',
    'extra',
    'tags',
    'other',
    '',
  );
  const json = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(
      fc.constantFrom(...readers),
      fc.dictionary(field, fc.oneof(json, fc.constant(1), fc.constant('2021-06-02'))),
      (read, record) => {
        const outcome = read(JSON.parse(JSON.stringify(record)));
        expect(['ok', 'dead']).toContain(outcome.kind);
        if (outcome.kind !== 'ok') return;
        expect(outcome.value.values).not.toContain(undefined);
        if (outcome.value.rest !== null) expect(JSON.parse(outcome.value.rest)).toBeTypeOf('object');
      },
    ),
    { numRuns: 1000 },
  );
});

function column(name: string, field: string): Dataset['columns'][number] {
  const found = dataset(name).columns.find((one) => one.name === field);
  if (!found) throw new RangeError(`no column ${field}`);
  return found;
}

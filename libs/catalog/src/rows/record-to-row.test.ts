import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataset, fromCsv, fromJson, key } from '../../test/shown-rows.js';
import { buildRowReader } from './record-to-row.js';

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

describe('in JSON', () => {
  test('a string in a json column is a JSON string, a list in an array column its text', () => {
    const row = fromJson('people', { id: 1, extra: '{"a":1}', tags: ['x', 1] });
    expect(row).toMatchObject({ extra: '"{\\"a\\":1}"', tags: '["x",1]' });
  });

  test('null is absent: the absent rule speaks', () => {
    expect(fromJson('people', { id: 1, score: null })).toMatchObject({ score: '0.0' });
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

import { describe, expect, it } from 'vitest';
import { ownTypes } from './own-types.js';
import { readBothRoads } from './read-both-roads.js';

const connection = ownTypes();

/** Expressions of values, and the JSON they become. */
const NESTED: readonly (readonly [type: string, values: readonly (readonly [sql: string, json: unknown])[]])[] = [
  [
    'int4[]',
    [
      ["'{}'", []],
      ["'{1,NULL,-3}'", [1, null, -3]],
      [
        "'{{1,2},{3,NULL}}'",
        [
          [1, 2],
          [3, null],
        ],
      ],
      ["'[0:1]={5,6}'", [5, 6]],
      ["'[-1:-1][2:3]={{5,6}}'", [[5, 6]]],
    ],
  ],
  [
    'text[]',
    [["ARRAY(SELECT repeat('é', 100000) FROM generate_series(1, 2))", ['é'.repeat(100_000), 'é'.repeat(100_000)]]],
  ],
  ['ids', [["'{1,2}'", [1, 2]]]],
  ['ids[]', [[`'{"{1,2}",NULL,"{}"}'`, [[1, 2], null, []]]]],
  ['bool[]', [["'{t,f,NULL}'", [true, false, null]]]],
  ['int8[]', [["'{1,-9223372036854775808}'", ['1', '-9223372036854775808']]]],
  [
    'float8[]',
    [
      [
        "'{1.5,-0,0,1e300,5e-324,NaN,Infinity,-Infinity}'",
        [1.5, '-0', 0, 1e300, 5e-324, 'NaN', 'Infinity', '-Infinity'],
      ],
    ],
  ],
  ['float4[]', [["'{0.1,3.4028235e38}'", [0.1, 3.4028235e38]]]],
  ['numeric(5,2)[]', [["'{1.50,NaN}'", ['1.50', 'NaN']]]],
  ['timestamptz[]', [["'{2021-01-01 10:00:00.5+00,infinity}'", ['2021-01-01 10:00:00.5+00', 'infinity']]]],
  ['jsonb[]', [[`ARRAY['{"a": [1]}'::jsonb, 'null', NULL]`, ['{"a": [1]}', 'null', null]]]],
  ['bytea[]', [["ARRAY['\\x00ff'::bytea]", ['\\x00ff']]]],
  ['char(3)[]', [["ARRAY['a','']", ['a  ', '   ']]]],
  ['mood[]', [[`ARRAY['it''s "ok", {x}', '', NULL]`, [`it's "ok", {x}`, '', null]]]],
  [
    'text[]',
    [
      [
        `ARRAY['NULL', 'null', NULL, '', 'a,b', '{x}', E'q"\\\\w', ' s ', E'\\n\\t', '𝄞', E'\\\\']`,
        ['NULL', 'null', null, '', 'a,b', '{x}', 'q"\\w', ' s ', '\n\t', '𝄞', '\\'],
      ],
    ],
  ],
  ['box[]', [["'{(1,1),(0,0);(2,2),(1,1)}'", ['(1,1),(0,0)', '(2,2),(1,1)']]]],
  [
    'pair',
    [
      [
        `ROW(1, E'a "b" \\\\ (c),', '2021-01-01Z', '{1,NaN}', true)`,
        { a: '1', 'b "c': 'a "b" \\ (c),', d: '2021-01-01 00:00:00+00', e: [1, 'NaN'], f: true },
      ],
      ['ROW(NULL, NULL, NULL, NULL, NULL)', { a: null, 'b "c': null, d: null, e: null, f: null }],
      ["ROW(NULL, '', NULL, '{}', false)", { a: null, 'b "c': '', d: null, e: [], f: false }],
    ],
  ],
  [
    'pair[]',
    [
      [
        `ARRAY[ROW(1, 'x,"y"', NULL, NULL, true), NULL]::pair[]`,
        [{ a: '1', 'b "c': 'x,"y"', d: null, e: null, f: true }, null],
      ],
    ],
  ],
  [
    'nest',
    [
      [
        `ROW(ROW(1, E'"\\\\', NULL, '{1}', true), ARRAY[ROW(2, E'{"\\\\', NULL, NULL, false)::pair], '[1,5)')`,
        {
          p: { a: '1', 'b "c': '"\\', d: null, e: [1], f: true },
          ps: [{ a: '2', 'b "c': '{"\\', d: null, e: null, f: false }],
          r: { lower: 1, upper: 5, bounds: '[)' },
        },
      ],
    ],
  ],
  [
    'int4range',
    [
      ["'[1,10)'", { lower: 1, upper: 10, bounds: '[)' }],
      ["'empty'", { empty: true }],
      ["'(,)'", { lower: null, upper: null, bounds: '()' }],
      ["'[5,)'", { lower: 5, upper: null, bounds: '[)' }],
    ],
  ],
  [
    'tstzrange',
    [
      ["'[2021-01-01, infinity]'", { lower: '2021-01-01 00:00:00+00', upper: 'infinity', bounds: '[]' }],
      ["'(,2021-01-01 10:00:00.5)'", { lower: null, upper: '2021-01-01 10:00:00.5+00', bounds: '()' }],
    ],
  ],
  ['textrange', [[`textrange('', E'a,)"\\\\', '[)')`, { lower: '', upper: 'a,)"\\', bounds: '[)' }]]],
  [
    'floatrange',
    [
      ["'[1.5,2.5]'", { lower: 1.5, upper: 2.5, bounds: '[]' }],
      ["'[-Infinity,1)'", { lower: '-Infinity', upper: 1, bounds: '[)' }],
    ],
  ],
  [
    'int8multirange',
    [
      ["'{}'", []],
      [
        "'{[1,3),[9,)}'",
        [
          { lower: '1', upper: '3', bounds: '[)' },
          { lower: '9', upper: null, bounds: '[)' },
        ],
      ],
    ],
  ],
  [
    'nummultirange[]',
    [
      [
        `ARRAY['{[1.5,2],(3,4)}', '{}']::nummultirange[]`,
        [
          [
            { lower: '1.5', upper: '2', bounds: '[]' },
            { lower: '3', upper: '4', bounds: '()' },
          ],
          [],
        ],
      ],
    ],
  ],
];

describe('an array, range or composite, by COPY and by the log', () => {
  it.each(NESTED)('%s is read as JSON', async (type, values) => {
    const { logical, copied, logged } = await readBothRoads(
      connection(),
      type,
      values.map(([sql]) => sql),
    );
    expect(logical.name).toBe('array');
    expect(copied).toEqual(logged);
    expect(copied.map((text) => (text === null ? null : (JSON.parse(text) as unknown)))).toEqual([
      null,
      ...values.map(([, json]) => json),
    ]);
  });
});

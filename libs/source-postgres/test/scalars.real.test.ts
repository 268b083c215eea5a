import { describe, expect, it } from 'vitest';
import { ownTypes } from './own-types.js';
import { readBothRoads } from './read-both-roads.js';

const connection = ownTypes();

/** SQL expressions of values of a type; the logical type they are read as. */
const EDGES: readonly (readonly [type: string, logical: string, values: readonly string[]])[] = [
  ['bool', 'bool', ['true', 'false']],
  ['int2', 'int2', ['-32768', '32767', '0', '-1']],
  ['int4', 'int4', ['-2147483648', '2147483647', '0', '-1']],
  [
    'int8',
    'int8',
    ['-9223372036854775808', '9223372036854775807', '0', '-1', '999999999999999', '-4294967296', '4294967295'],
  ],
  ['numeric(9,2)', 'decimal', ['0', '-0.01', '9999999.99', '-9999999.99', '10000.00', '0.10']],
  ['numeric(4,4)', 'decimal', ['0.0001', '-0.9999', '0']],
  [
    'numeric(18,3)',
    'decimal',
    ['999999999999999.999', '-999999999999999.999', '0.001', '-4294967.296', '123456789012.345', '-12345678901.234'],
  ],
  [
    'numeric(38,10)',
    'decimal',
    [
      '9999999999999999999999999999.9999999999',
      '-9999999999999999999999999999.9999999999',
      '-0.0000000001',
      '1',
      '-1',
      '12345.6789',
      '0',
    ],
  ],
  [
    'numeric(38,0)',
    'decimal',
    ['99999999999999999999999999999999999999', '-18446744073709551616', '10000', '-9007199254740993'],
  ],
  ['numeric(39,0)', 'numeric', ['999999999999999999999999999999999999999', "'NaN'"]],
  ['numeric', 'numeric', ["'NaN'", "'Infinity'", "'-Infinity'", '1.50', '0.0000', '1e131071', '1e-16383', '-1.10']],
  ['numeric(5,-2)', 'numeric', ['12300', '-9999900']],
  ['numeric(3,5)', 'numeric', ['0.00123', '-0.00999']],
  [
    'float4',
    'float4',
    ["'NaN'", "'Infinity'", "'-Infinity'", "'-0'", '3.4028235e38', '1e-45', '0.1', '1.17549435e-38', '16777217'],
  ],
  [
    'float8',
    'float8',
    [
      "'NaN'",
      "'Infinity'",
      "'-Infinity'",
      "'-0'",
      '1.7976931348623157e308',
      '5e-324',
      '0.1',
      '9007199254740993',
      '1e23',
    ],
  ],
  ['text', 'text', ["''", "' '", "E'a\\n\\t\\r\\\\\"'", "'𝄞é日本\u202e'", "repeat('é', 40000)", "'NULL'"]],
  ['varchar(10)', 'text', ["''", "'a  '"]],
  ['char(5)', 'text', ["''", "'ab'", "'é'"]],
  ['name', 'text', ["'abc'"]],
  ['bytea', 'bytes', ["''", "'\\x00ff'", "'\\xDEADbeef'", "'\\x5c78'"]],
  [
    'date',
    'date',
    [
      "'infinity'",
      "'-infinity'",
      "'1970-01-01'",
      "'2000-02-29'",
      "'0044-03-15 BC'",
      "'4714-11-24 BC'",
      "'5874897-12-31'",
      "'0001-01-01'",
      "'12345-06-07'",
    ],
  ],
  ['time', 'time', ["'00:00'", "'24:00:00'", "'23:59:59.999999'", "'10:44:54.1'"]],
  ['time(0)', 'time', ["'23:59:59.4'"]],
  [
    'timestamp',
    'timestamp',
    [
      "'infinity'",
      "'-infinity'",
      "'1970-01-01'",
      "'1969-12-31 23:59:59.999999'",
      "'2000-01-01'",
      "'1999-12-31 23:59:59.999999'",
      "'0044-03-15 12:00:00.000001 BC'",
      "'4714-11-24 BC'",
      "'294247-01-10 04:00:54.775806'",
      "'294246-12-31 23:59:59.999999'",
      "'9999-12-31 23:59:59.999999'",
      "'10000-01-01'",
      "'2021-06-02 10:44:54.12'",
    ],
  ],
  [
    'timestamptz',
    'timestamptz',
    [
      "'infinity'",
      "'-infinity'",
      "'2021-06-02 10:44:54.123456+02'",
      "'0044-03-15 12:00:00 BC'",
      "'1900-01-01 00:00:00 Europe/Amsterdam'",
      "'294247-01-10 04:00:54.775806+00'",
    ],
  ],
  ['interval', 'interval', ["'1 year 2 mons -3 days 04:05:06.789'", "'0'", "'-00:00:00.000001'", "'178000000 years'"]],
  [
    'uuid',
    'uuid',
    [
      "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'",
      "'00000000-0000-0000-0000-000000000000'",
      "'ffffffff-ffff-ffff-ffff-ffffffffffff'",
    ],
  ],
  ['json', 'json', [`'{"a" : 1,  "a":2}'`, "'null'", "'1e400'"]],
  ['jsonb', 'json', [`'{"b":1,"a":[1.10,"é\\u00e9"]}'`, "'null'", `'""'`]],
  ['mood', 'text', ["'sad'", `'it''s "ok", {x}'`, "''"]],
  ['amount', 'decimal', ['12.30', '-0.01']],
  ['inet', 'other', ["'192.168.1.5'", "'192.168.1.5/24'", "'::1'"]],
  ['cidr', 'other', ["'10.0.0.0/8'", "'::/0'"]],
  ['macaddr', 'other', ["'08:00:2b:01:02:03'"]],
  ['macaddr8', 'other', ["'08:00:2b:01:02:03:04:05'"]],
  ['xml', 'other', [`'<?xml version="1.0" encoding="UTF-8"?><a>é</a>'`, "'<a/>'"]],
  ['timetz', 'other', ["'10:00:00.5+02'", "'24:00:00-15:59'"]],
  ['money', 'other', ['12.34', '-1234.5']],
  ['bit(5)', 'other', ["B'00101'"]],
  ['varbit', 'other', ["B''", "B'1'"]],
  ['tsvector', 'other', [`'a:1A fat''s ''b c'':2'`]],
  ['tsquery', 'other', [`'a & (b | !c)'`]],
  ['oid', 'other', ['4294967295']],
  ['regclass', 'other', ["'pg_class'"]],
  ['pg_lsn', 'other', ["'FFFFFFFF/1'"]],
  ['xid', 'other', ["'4294967295'"]],
  ['xid8', 'other', ["'18446744073709551615'"]],
  ['tid', 'other', ["'(1,2)'"]],
  ['"char"', 'other', ["'a'", "''"]],
  ['int2vector', 'other', ["'1 2 3'"]],
  ['point', 'other', ["'(1.5,-2e300)'"]],
  ['line', 'other', ["'{1,2,3}'"]],
  ['lseg', 'other', ["'[(0,0),(1,1)]'"]],
  ['box', 'other', ["'(1,1),(0,0)'"]],
  ['path', 'other', ["'((0,0),(1,1))'"]],
  ['polygon', 'other', ["'((0,0),(1,1),(2,0))'"]],
  ['circle', 'other', ["'<(0,0),5>'"]],
  ['pg_snapshot', 'other', ["'10:20:10,14'"]],
  ['jsonpath', 'other', [`'$.a[*] ? (@ > 1)'`]],
];

describe('a scalar, by COPY and by the log', () => {
  it.each(EDGES)('%s is read as %s, exactly', async (type, logical, values) => {
    const { logical: as, copied, logged } = await readBothRoads(connection(), type, values);
    expect(as.name).toBe(logical);
    expect(copied).toHaveLength(values.length + 1);
    expect(copied[0]).toBeNull();
    expect(copied.slice(1)).not.toContain(null);
    expect(copied).toEqual(logged);
    // What the text is to the server, beside what stands there; by their texts, because not all types have an equality.
    const { rows } = await connection().query(
      `SELECT v, t FROM edges JOIN unnest($1::text[]) WITH ORDINALITY x (t, i) ON n = i WHERE concat(v) <> concat(t::${type})`,
      [copied],
    );
    expect(rows).toEqual([]);
  });
});

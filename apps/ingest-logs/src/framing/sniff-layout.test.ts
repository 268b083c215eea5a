import { Buffer } from 'node:buffer';
import type { DropRule } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { sniffLayout } from './sniff-layout.js';

const AUTO: DropRule = { prefix: 'answers', format: 'auto', delimiter: 'auto' };
const known = new Set(['user', 'event_id', 'question_id', 'sent_at']);

function sniff(text: string | Uint8Array, key = 'answers/a', rule: DropRule = AUTO) {
  const outcome = sniffLayout({ head: Buffer.from(text), key, rule, known });
  return outcome.kind === 'ok' ? outcome.value : outcome.kind === 'dead' ? outcome.reason : outcome.kind;
}

describe('sniffLayout', () => {
  it.each([
    ['user,event_id\n1,2', ','],
    ['user;event_id;note\n1;2;"a,b,c,d"', ';'],
    ['user\tevent_id\n', '\t'],
    ['user|event_id', '|'],
    ['user', ','],
  ])('finds the delimiter of %j', (text, delimiter) => {
    expect(sniff(text)).toEqual({ format: 'csv', lineEnd: 'lf', begin: 0, delimiter });
  });

  it('prefers the delimiter that yields known names over the more frequent one', () => {
    expect(sniff('user;"a,b,c,d";event_id\n')).toMatchObject({ delimiter: ';' });
    expect(sniff('user;x,y,z,w;event_id\n')).toMatchObject({ delimiter: ';' });
  });

  it('takes the delimiter that fits the header of the catalog where files have none', () => {
    expect(sniff('1;2,5\n', 'answers/a', { ...AUTO, header: ['user', 'sent_at'] })).toMatchObject({ delimiter: ',' });
    expect(sniff('1;2;3,5,6,7\n', 'answers/a', { ...AUTO, header: ['user', 'event_id', 'sent_at'] })).toMatchObject({
      delimiter: ';',
    });
  });

  it('takes what the rule says without looking', () => {
    expect(sniff('a,b\n', 'answers/a', { ...AUTO, delimiter: '|' })).toMatchObject({ delimiter: '|' });
    expect(sniff('a,b\n', 'answers/a.csv', { ...AUTO, format: 'ndjson' })).toMatchObject({ format: 'ndjson' });
  });

  it('knows the format by the name, else by the first character', () => {
    expect(sniff('{"a":1}\n', 'answers/a.csv')).toMatchObject({ format: 'csv' });
    expect(sniff('x', 'answers/a.jsonl')).toEqual({ format: 'ndjson', lineEnd: 'lf', begin: 0 });
    expect(sniff(' {"a":1}\n')).toMatchObject({ format: 'ndjson' });
  });

  it('passes over the byte order mark of UTF-8 and refuses UTF-16 and binary', () => {
    expect(sniff('\ufeffuser,event_id\n')).toMatchObject({ begin: 3, delimiter: ',' });
    expect(sniff(Buffer.from('\ufeffuser,a', 'utf16le'))).toBe('encoding-utf-16');
    expect(sniff(Buffer.from('user,a', 'utf16le'))).toBe('encoding-utf-16');
    expect(sniff(Buffer.from('PAR1xx\0\0\0'))).toBe('not-text');
  });

  it('reads CR as a line end only where the first line ends so', () => {
    expect(sniff('user,a\r1,2\r')).toMatchObject({ lineEnd: 'cr' });
    expect(sniff('user,a\r\n1\r,2\r\n')).toMatchObject({ lineEnd: 'lf' });
    expect(sniff('"us\rer",a\n1,2')).toMatchObject({ lineEnd: 'lf' });
    expect(sniff('{"a":"\\""}\r{"a":1}\r', 'a.ndjson')).toMatchObject({ lineEnd: 'cr' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonMembers, jsonObject, memberText } from './json-members.js';

describe('jsonMembers', () => {
  it('splits any object into members whose texts say the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(undefined, 2, '\t'), (object, indent) => {
        const members = jsonMembers(JSON.stringify(object, null, indent)) ?? [];
        expect(
          Object.fromEntries(members.map((member) => [member.name, JSON.parse(member.rawValue) as unknown])),
        ).toEqual(JSON.parse(JSON.stringify(object)));
        expect(JSON.parse(jsonObject(members) ?? '{}')).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  it('keeps every digit of a number', () => {
    const [member] = jsonMembers(' { "a" : 12345678901234567890.10 , "b":1}') ?? [];
    expect(member).toEqual({ name: 'a', rawName: '"a"', rawValue: '12345678901234567890.10' });
    expect(memberText(member ?? { rawValue: '' })).toBe('12345678901234567890.10');
  });

  it('says what is no object', () => {
    for (const text of ['', '[]', 'null', '1', '{', '{"a":1}x']) expect(jsonMembers(text)).toBeUndefined();
  });

  it('reads strings without quotes, null as null, and has no text for no members', () => {
    expect(['"a\\n"', 'null', 'true', '[1]'].map((rawValue) => memberText({ rawValue }))).toEqual([
      'a\n',
      null,
      'true',
      '[1]',
    ]);
    expect(jsonObject([])).toBeNull();
  });
});

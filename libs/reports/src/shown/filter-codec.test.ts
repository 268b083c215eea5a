import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeFilters, encodeFilters, readChoice, writeChoice, type CodedFilter } from './filter-codec.js';
import type { FilterChoice } from './filter-value.js';

const FILTERS: readonly CodedFilter[] = [
  { name: 'mode', op: 'eq', default: ['gap'] },
  { name: 'event', op: 'in', default: [] },
  { name: 'kind', op: 'in', default: ['a', 'b'] },
  { name: 'day', op: 'between', default: ['last-30'] },
  { name: 'says', op: 'contains', default: [] },
  { name: 'top', op: 'where', default: ['10'] },
];

function encoded(choices: Readonly<Record<string, FilterChoice>>): string {
  return decodeURIComponent(encodeFilters(FILTERS, new Map(Object.entries(choices))).toString());
}

test.each<[Readonly<Record<string, FilterChoice>>, string]>([
  [{}, ''],
  [{ mode: { op: 'eq', value: 'gap' } }, ''],
  [{ mode: { op: 'eq', value: 'half_day' } }, 'mode=half_day'],
  [{ mode: { op: 'eq', value: null } }, 'mode=~'],
  [{ mode: { op: 'eq', value: '' } }, 'mode='],
  [{ event: { op: 'in', values: ['a', null, '~b'] } }, 'event=a&event=~&event=~~b'],
  [{ event: { op: 'in', values: [] } }, ''],
  [{ event: 'all' }, ''],
  [{ kind: 'all' }, 'kind=~all'],
  [{ kind: { op: 'in', values: ['b', 'a'] } }, ''],
  [{ day: { op: 'between', lastDays: 30 } }, ''],
  [{ day: { op: 'between', lastDays: 7 } }, 'day=last-7'],
  [{ day: { op: 'between', from: '2026-08-03', to: '2026-11-22' } }, 'day=2026-08-03..2026-11-22'],
  [{ day: { op: 'between', from: '2026-08-03' } }, 'day=2026-08-03..'],
  [{ day: { op: 'between' } }, 'day=~all'],
  [{ says: { op: 'contains', text: '' } }, ''],
  [{ says: { op: 'contains', text: '~x' } }, 'says=~~x'],
  [{ top: { op: 'where', value: '0' } }, 'top=0'],
])('%j is ?%s', (choices, query) => {
  expect(encoded(choices)).toBe(query);
});

test.each<[CodedFilter['op'], readonly string[]]>([
  ['eq', []],
  ['eq', ['a', 'b']],
  ['eq', ['~a']],
  ['in', ['a', '~all']],
  ['in', ['a', '~b']],
  ['between', ['a..b..c']],
  ['between', ['1', '2']],
  ['contains', ['~']],
  ['where', ['']],
])('%s of %j is nothing that can be read', (op, texts) => {
  expect(readChoice(op, texts)).toBeUndefined();
});

test('what an address garbles counts as the default', () => {
  const choices = decodeFilters(FILTERS, new URLSearchParams('mode=~bad&day=..&kind=a&event=x'));
  expect(Object.fromEntries(choices)).toEqual({
    mode: { op: 'eq', value: 'gap' },
    event: { op: 'in', values: ['x'] },
    kind: { op: 'in', values: ['a'] },
    day: 'all',
    says: 'all',
    top: { op: 'where', value: '10' },
  });
});

const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', '~', '~~', '~all', '~~all', 'all', '..', 'a..b', ' ', '%'),
  fc.string({ unit: 'grapheme' }),
);
const end: fc.Arbitrary<string> = fc.constantFrom('2026-08-03', '-5', '1.5', '2026-08-03T12:04:00Z');
const choice: Readonly<Record<CodedFilter['op'], fc.Arbitrary<FilterChoice>>> = {
  eq: fc.record({ op: fc.constant('eq' as const), value: fc.option<string, null>(text, { nil: null }) }),
  in: fc.record({
    op: fc.constant('in' as const),
    values: fc.uniqueArray(fc.option<string, null>(text, { nil: null }), { minLength: 1, maxLength: 5 }),
  }),
  between: fc.oneof(
    fc.record({ op: fc.constant('between' as const), from: end, to: end }),
    fc.record({ op: fc.constant('between' as const), from: end }),
    fc.record({ op: fc.constant('between' as const), to: end }),
    fc.record({ op: fc.constant('between' as const), lastDays: fc.integer({ min: 1, max: 99_999 }) }),
  ),
  contains: fc.record({ op: fc.constant('contains' as const), text: text.filter((words) => words !== '') }),
  where: fc.record({ op: fc.constant('where' as const), value: end }),
};

test('every choice reads back as itself', () => {
  for (const [op, arbitrary] of Object.entries(choice) as [CodedFilter['op'], fc.Arbitrary<FilterChoice>][]) {
    fc.assert(
      fc.property(arbitrary, (chosen) => {
        expect(readChoice(op, writeChoice(chosen))).toEqual(chosen);
      }),
    );
  }
});

test('choices survive an address, defaults left out', () => {
  const choices = fc.record(
    Object.fromEntries(FILTERS.map(({ name, op }) => [name, fc.oneof(choice[op], fc.constant('all' as const))])),
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(choices, (chosen) => {
      const map = new Map(
        Object.entries(chosen).filter((entry): entry is [string, FilterChoice] => entry[1] !== undefined),
      );
      const query = encodeFilters(FILTERS, map).toString();
      const back = decodeFilters(FILTERS, new URLSearchParams(query));
      for (const { name, op, default: standing } of FILTERS) {
        const wanted = map.get(name) ?? readChoice(op, standing) ?? 'all';
        const sorted = (one: FilterChoice | undefined): readonly string[] => [...writeChoice(one ?? 'all')].sort();
        expect(sorted(back.get(name))).toEqual(sorted(wanted));
      }
      // Encoding what was decoded gives the same address.
      expect(encodeFilters(FILTERS, back).toString()).toBe(query);
    }),
  );
});

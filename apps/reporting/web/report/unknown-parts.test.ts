import type { FilterInfo } from '@rollcall/reports/shown';
import { expect, test } from 'vitest';
import { unknownParts } from './unknown-parts.js';

const event: FilterInfo = {
  name: 'event',
  label: 'Event',
  op: 'in',
  type: 'text',
  required: false,
  default: [],
  options: [
    { value: 'login', label: 'login', rows: 3 },
    { value: null, label: '–', rows: 1 },
  ],
};
const day: FilterInfo = { name: 'day', label: 'Day', op: 'between', type: 'date', required: false, default: [] };

const unknown = (query: string) => unknownParts([event, day], new URLSearchParams(query));

test('what the report knows is no news', () => {
  expect(unknown('event=login&event=~&day=2026-08-03..&sort=-answers')).toEqual([]);
  expect(unknown('event=~all&day=last-30')).toEqual([]);
});

test('a value that is not among the options is named with its filter', () => {
  expect(unknown('event=login&event=vip')).toEqual([{ name: 'event', value: 'vip', label: 'Event' }]);
});

test('where options are cut, any value may exist', () => {
  expect(unknownParts([{ ...event, optionsCut: true }], new URLSearchParams('event=vip'))).toEqual([]);
});

test('a garbled span is named', () => {
  expect(unknown('day=1..2..3')).toEqual([{ name: 'day', value: '1..2..3', label: 'Day' }]);
});

test('a parameter of another report is named', () => {
  expect(unknown('platform=ios')).toEqual([{ name: 'platform', value: 'ios' }]);
});

import type { FilterInfo } from '@rollcall/reports/shown';
import { expect, test } from 'vitest';
import { choiceText } from './choice-text.js';

const base = { name: 'f', label: 'F', required: false, default: [] } as const;
const event: FilterInfo = {
  ...base,
  op: 'in',
  type: 'text',
  options: [
    { value: 'login', label: 'Log in', rows: 3 },
    { value: null, label: '(no value)', rows: 1 },
  ],
};
const day: FilterInfo = { ...base, op: 'between', type: 'date' };
const top: FilterInfo = { ...base, op: 'where', type: 'numeric', unit: '%' };

test('chosen values go by their labels while they are few', () => {
  expect(choiceText(event, 'all')).toBe('all');
  expect(choiceText(event, { op: 'in', values: ['login', null] })).toBe('Log in, (no value)');
  expect(choiceText(event, { op: 'in', values: ['vip'] })).toBe('vip');
  expect(choiceText(event, { op: 'in', values: ['a', 'b', 'c'] })).toBe('3 chosen');
});

test('spans are days in words, open at either end', () => {
  expect(choiceText(day, { op: 'between', lastDays: 30 })).toBe('last 30 days');
  expect(choiceText(day, { op: 'between', from: '2026-08-03' })).toBe('from 3 Aug 2026');
  expect(choiceText(day, { op: 'between', to: '2026-08-03' })).toBe('to 3 Aug 2026');
  expect(choiceText(day, { op: 'between', from: '2026-08-03', to: '2026-08-03' })).toBe('3 Aug 2026');
  expect(choiceText(day, { op: 'between', from: '2026-08-03', to: '2026-11-22' })).toBe('3 Aug 2026 – 22 Nov 2026');
});

test('zero is a value', () => {
  expect(choiceText(top, { op: 'where', value: '0' })).toBe('0\u202f%');
});

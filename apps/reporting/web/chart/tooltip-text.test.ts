import { expect, test } from 'vitest';
import { spokenLines, tooltipText } from './tooltip-text.js';

test('a mark without words has no tooltip', () => {
  expect([null, undefined, ''].flatMap(tooltipText)).toEqual([]);
});

test('zero is told', () => {
  expect(tooltipText(0)).toEqual([{ label: '', value: '0' }]);
  expect(tooltipText({ Events: 0, Day: null })).toEqual([
    { label: 'Events', value: '0' },
    { label: 'Day', value: '–' },
  ]);
});

test('what a screen reader hears is what the eye reads', () => {
  expect(spokenLines('Day: 3 Aug 2026; Started: 12:04 UTC; alone')).toEqual([
    { label: 'Day', value: '3 Aug 2026' },
    { label: 'Started', value: '12:04 UTC' },
    { label: '', value: 'alone' },
  ]);
});

import { expect, test } from 'vitest';
import { calendarPlaces, labelledPlaces, placesWithYear } from './calendar.js';
import { niceDomain } from './number-scale.js';
import { timeTicks } from './time-ticks.js';

test('days without data have their place', () => {
  expect(calendarPlaces(['2026-03-01', '2026-02-27'], 'day')).toEqual(['2026-02-27', '2026-02-28', '2026-03-01']);
  expect(calendarPlaces(['2025-11-01', '2026-02-01'], 'month')).toEqual([
    '2025-11-01',
    '2025-12-01',
    '2026-01-01',
    '2026-02-01',
  ]);
  expect(calendarPlaces([], 'day')).toEqual([]);
});

test('weeks that begin on different days stand for themselves', () => {
  expect(calendarPlaces(['2026-08-03', '2026-08-12'], 'week')).toEqual(['2026-08-03', '2026-08-12']);
});

test('more than 62 days have no places of their own', () => {
  expect(calendarPlaces(['2026-01-01', '2026-03-03'], 'day')).toHaveLength(62);
  expect(calendarPlaces(['2026-01-01', '2026-03-04'], 'day')).toBeUndefined();
  expect(calendarPlaces(['0001-01-01', '9999-12-31'], 'month')).toBeUndefined();
});

test('labels are thinned to whole weeks, and carry the year where it begins', () => {
  const places = calendarPlaces(['2026-12-14', '2027-01-20'], 'day') ?? [];
  const labelled = labelledPlaces(places, 'day', 10, 45);
  expect(labelled).toEqual(['2026-12-14', '2026-12-21', '2026-12-28', '2027-01-04', '2027-01-11', '2027-01-18']);
  expect(placesWithYear(labelled)).toEqual(['2026-12-14', '2027-01-04']);
});

test('ticks of time stand on round instants in UTC, as many as have room', () => {
  const at = (text: string) => Date.parse(text);
  const days = timeTicks(at('2026-08-03'), at('2026-11-20'), 640);
  expect(JSON.parse(days.values.expr)).toHaveLength(8);
  expect(JSON.parse(days.values.expr).slice(0, 2)).toEqual(['2026-08-03', '2026-08-17'].map(at));
  const months = timeTicks(at('2026-08-03'), at('2026-11-20'), 320);
  expect(JSON.parse(months.values.expr)).toEqual(['2026-09-01', '2026-10-01', '2026-11-01'].map(at));
  const hours = timeTicks(at('2026-08-03T08:10:00Z'), at('2026-08-03T12:00:00Z'), 640);
  expect(JSON.parse(hours.values.expr)).toContain(at('2026-08-03T09:00:00Z'));
  const years = timeTicks(at('1900-01-01'), at('2026-01-01'), 320);
  expect(years.labelExpr).toBe("utcFormat(datum.value, '%Y')");
  expect(JSON.parse(timeTicks(5, 5, 640).values.expr)).toEqual([5]);
});

test('an axis of values ends on round numbers and shows zero', () => {
  expect(niceDomain([3, 86])).toEqual([0, 100]);
  expect(niceDomain([-12, 30])).toEqual([-20, 30]);
  expect(niceDomain([0.1, 0.62])).toEqual([0, 0.7]);
  expect(niceDomain([null, 0])).toEqual([0, 1]);
});

import type { OverviewAnswer } from '@rollcall/reports/shown';
import { expect, test } from 'vitest';
import { pathThrough, wirePath, wiresOf } from './flow-graph.js';

const dataset = (name: string, reports: readonly string[]) =>
  ({ dataset: name, reports }) as unknown as OverviewAnswer['datasets'][number];
const source = (name: string, datasets: readonly string[]) =>
  ({ source: name, datasets }) as unknown as OverviewAnswer['sources'][number];

const wires = wiresOf({
  sources: [source('logs', ['answers']), source('app', ['app_events'])],
  datasets: [dataset('answers', ['sessions', 'users']), dataset('app_events', ['events'])],
});

test('every stage is wired to the next one', () => {
  expect(wires).toContainEqual({ from: 'source:logs', to: 'lake:answers' });
  expect(wires).toContainEqual({ from: 'lake:answers', to: 'warehouse:answers' });
  expect(wires).toContainEqual({ from: 'warehouse:answers', to: 'report:users' });
  expect(wires).toHaveLength(7);
});

test('the path through a report ends at its own sources', () => {
  expect([...pathThrough(wires, 'report:users')].sort()).toEqual([
    'lake:answers',
    'report:users',
    'source:logs',
    'warehouse:answers',
  ]);
});

test('the path through a source reaches all that stands on it, and nothing beside', () => {
  const path = pathThrough(wires, 'source:logs');
  expect(path.has('report:sessions')).toBe(true);
  expect(path.has('report:users')).toBe(true);
  expect(path.has('report:events')).toBe(false);
});

test('a wire leaves and arrives level', () => {
  expect(wirePath({ left: 0, right: 10, middle: 5 }, { left: 30, right: 40, middle: 25 })).toBe(
    'M10 5C20 5 20 25 30 25',
  );
});

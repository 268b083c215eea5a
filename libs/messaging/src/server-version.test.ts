import { expect, it } from 'vitest';
import { isOldServer } from './server-version.js';

it.each([
  ['2.9.0', false],
  ['2.9.10', false],
  ['2.10.27', false],
  ['2.12.0-RC.1', false],
  ['3.0.0', false],
  ['dev', false],
  ['2.8.4', true],
  ['1.4.1', true],
])('nats-server %s is too old: %s', (version, old) => {
  expect(isOldServer(version)).toBe(old);
});

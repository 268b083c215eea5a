import { expect, test } from 'vitest';
import { appEvents } from './app-events.js';

const { dedupe } = appEvents('answers');

test('the same event again is the same message', () => {
  expect(dedupe({ id: 'a', at: 1 })).toBe(dedupe({ id: 'a', at: 1 }));
  expect(dedupe([{ id: 'a' }, { id: 'b' }])).toBe(dedupe([{ id: 'a' }, { id: 'b' }]));
});

test('another event under the same id is not swallowed', () => {
  expect(dedupe({ id: 'a', at: 1 })).not.toBe(dedupe({ id: 'a', at: 2 }));
});

test('the same event of another dataset is another message', () => {
  expect(dedupe({ id: 'a' })).not.toBe(appEvents('app_events').dedupe({ id: 'a' }));
});

test('the id fits a header whatever the event holds', () => {
  expect(dedupe({ id: 'line\r\nbreak', é: '🎉' })).toMatch(/^[\x21-\x7e]{1,200}$/);
});

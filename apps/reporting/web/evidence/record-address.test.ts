import { expect, test } from 'vitest';
import { recordOf, withoutOwn } from './record-address.js';

test('a record is named by dataset, batch and position', () => {
  expect(recordOf('answers/9f86d081/17')).toEqual({ dataset: 'answers', batch: '9f86d081', position: '17' });
});

test.each([null, '', 'answers', 'answers/9f', 'answers//17', 'a/b/c/d'])('%s names none', (text) => {
  expect(recordOf(text)).toBeUndefined();
});

test('the grain is what is left', () => {
  expect(withoutOwn(new URLSearchParams('mode=gap&_record=a/b/1&session_id=x')).toString()).toBe(
    'mode=gap&session_id=x',
  );
});

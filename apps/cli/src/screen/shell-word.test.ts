import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { shellWord } from './shell-word.js';

test('what needs no quotes stays readable', () => {
  expect(shellWord('/srv/rollcall/.rollcall/warehouse.url')).toBe('/srv/rollcall/.rollcall/warehouse.url');
});

test.each(['', 'my data/url', "it's", '$(date)', '`date`', 'a"b', 'a\\b', '*', 'a;b'])('%j is one word', (text) => {
  const print = `printf '<%s>' "$(printf '%s' ${shellWord(text)})"`;
  expect(execFileSync('/bin/sh', ['-c', print], { encoding: 'utf8' })).toBe(`<${text}>`);
});

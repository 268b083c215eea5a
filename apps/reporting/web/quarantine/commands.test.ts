import { expect, test } from 'vitest';
import { groupCommands, showCommand } from './commands.js';

test('a group has its three commands', () => {
  expect(groupCommands('answers', 'missing-key').map(({ text }) => text)).toEqual([
    'rollcall quarantine list --dataset answers --reason missing-key',
    'rollcall quarantine replay --dataset answers --reason missing-key',
    'rollcall quarantine discard --dataset answers --reason missing-key',
  ]);
});

test('a word that a shell would take apart is quoted', () => {
  expect(showCommand('42')).toBe('rollcall quarantine show 42');
  expect(groupCommands('answers', "it's; rm -rf /")[0]?.text).toBe(
    String.raw`rollcall quarantine list --dataset answers --reason 'it'\''s; rm -rf /'`,
  );
});

import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runCli } from '../test/run-cli.js';

const world = { dir: tmpdir(), env: {} };

const COMMANDS = [
  ['up'],
  ['migrate'],
  ['doctor'],
  ['status'],
  ['sync'],
  ['export'],
  ['rebuild'],
  ...['catalog', 'quarantine', 'dead', 'held', 'report', 'token'].map((group) => [group]),
  ['catalog', 'check'],
  ['catalog', 'diff'],
  ...['quarantine', 'dead'].flatMap((group) => ['list', 'show', 'replay', 'discard'].map((name) => [group, name])),
  ...['list', 'approve', 'discard'].map((name) => ['held', name]),
  ...['check', 'new', 'preview', 'list'].map((name) => ['report', name]),
  ...['create', 'list', 'revoke'].map((name) => ['token', name]),
];

describe('the command line', () => {
  it.each(COMMANDS)('%s %s has help with an example', async (...names) => {
    const run = await runCli(world, ...names, '--help');
    expect(run.code).toBe(0);
    expect(run.out).toContain('Examples:');
    expect(run.out).toMatch(/\$ .*(rollcall|npm start)/);
  });

  it('explains exit codes and where settings come from', async () => {
    const run = await runCli(world, '--help');
    expect(run.code).toBe(0);
    for (const text of ['Exit codes:', '69', '78', 'strongest first']) expect(run.out).toContain(text);
  });

  it.each([
    [['nonsense'], 2],
    [['status', '--nonsense'], 2],
    [['catalog'], 2],
    [['export', 'answers', '--format', 'xml'], 2],
    [['up', '--port', 'nats'], 2],
    [['up', '--port', 'nats=70000'], 2],
    [['dead', 'list', '--limit', '0'], 2],
    [['token', 'create'], 2],
    [['token', 'create', 'anna', '--scope', 'everything'], 2],
    [['token', 'create', 'anna', '--expires', 'soon'], 2],
    [['token', 'create', 'rollcall_abc'], 2],
    [['--help'], 0],
    [['help', 'up'], 0],
  ])('%j -> %i', async (args, code) => {
    expect((await runCli(world, ...args)).code).toBe(code);
  });

  it('says all that is missing at once, and the way out', async () => {
    const run = await runCli(world, 'sync', 'answers');
    expect(run.code).toBe(78);
    expect(run.err).toContain('NATS_URL not set');
    expect(run.err).toContain('way out:');
  });
});

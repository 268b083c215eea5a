import { describe, expect, it } from 'vitest';
import { sourceTrial } from '../../test/source-trial.js';

describe('openLogStream', () => {
  it('gives inserts, updates and deletes in the order of commits', async () => {
    await using trial = await sourceTrial();
    await trial.client.query('CREATE TABLE users (id int PRIMARY KEY, name text)');
    await trial.capture('users');
    const stream = await trial.stream();
    await trial.client.query("INSERT INTO users VALUES (1, 'Ann'), (2, NULL)");
    await trial.client.query("UPDATE users SET name = 'Bo' WHERE id = 2");
    await trial.client.query('DELETE FROM users WHERE id = 1');
    const log = await stream.caughtUp();
    expect(log.filter(({ kind }) => kind !== 'begin' && kind !== 'commit')).toEqual([
      { kind: 'relation', table: 'public.users', columns: ['id', 'name'], keys: ['id'] },
      { kind: 'insert', table: 'public.users', row: ['1', 'Ann'] },
      { kind: 'insert', table: 'public.users', row: ['2', null] },
      { kind: 'update', table: 'public.users', row: ['2', 'Bo'] },
      { kind: 'delete', table: 'public.users', old: ['1', null], oldKind: 'key' },
    ]);
  });
});

import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newState, readState, writeState } from './state-file.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-state-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('the state file', () => {
  it('comes back as it was written, for its owner only', async () => {
    const path = join(home, 'new', 'state.json');
    const state = { ...newState(), ports: { 'ingest-logs': 4310 }, settings: { NATS_URL: 'nats://127.0.0.1:4222' } };
    await writeState(path, state);
    await writeState(path, state);
    expect(await readState(path)).toEqual(state);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(home, 'new'))).toEqual(['state.json']);
  });

  it('is absent before the first start', async () => {
    expect(await readState(join(home, 'state.json'))).toBeUndefined();
  });

  it.each(['', '{}', '{"format":2}'])('is refused when it is %j', async (text) => {
    await writeFile(join(home, 'state.json'), text);
    await expect(readState(join(home, 'state.json'))).rejects.toThrow('start over with --fresh');
  });

  it('has new keys every time', () => {
    expect(newState().secrets.quarantineKey).not.toBe(newState().secrets.quarantineKey);
  });
});

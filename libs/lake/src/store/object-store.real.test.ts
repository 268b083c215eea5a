import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startS3Server } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectStore, StoredObject } from './object-store.js';
import { openStore } from './open-store.js';

interface Opened {
  readonly store: ObjectStore;
  /** Another one on the same place, as another process would have. */
  readonly other: ObjectStore;
  close(): Promise<void>;
}

const KINDS: Readonly<Record<string, (dir: string) => Promise<Opened>>> = {
  'file:': async (dir) => {
    const url = pathToFileURL(join(dir, 'a lake')).href;
    return { store: await openStore({ url }), other: await openStore({ url }), close: async () => undefined };
  },
  's3:': async (dir) => {
    const server = await startS3Server({ dir, accessKey: 'key', secretKey: 'secret' });
    const settings = {
      url: 's3://lake/some/prefix',
      s3: { endpoint: server.url, accessKeyId: 'key', secretAccessKey: 'secret' },
    };
    return { store: await openStore(settings), other: await openStore(settings), close: () => server.stop() };
  },
};

describe.each(Object.entries(KINDS))('%s store', (_, open) => {
  let dir: string;
  let opened: Opened;
  let store: ObjectStore;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-store-'));
    opened = await open(dir);
    store = opened.store;
  });
  afterAll(async () => {
    await opened.close();
    await rm(dir, { recursive: true });
  });

  it('has nothing at first', async () => {
    expect(await store.get('a/b')).toBeUndefined();
    expect(await store.get('a/b', { last: 8 })).toBeUndefined();
    expect(await store.head('a/b')).toBeUndefined();
    expect(await store.stream('a/b')).toBeUndefined();
    expect(await allOf(store, '')).toEqual([]);
    await store.delete('a/b');
  });

  it('gives back what was put, whole and in ranges', async () => {
    const bytes = Buffer.from(Array.from({ length: 1000 }, (_, i) => (i * 7) % 251));
    const put = await store.putIfAbsent('ranges/x', bytes);
    expect(put.created).toBe(true);
    const whole = await store.get('ranges/x');
    expect(whole).toEqual({ bytes: expect.anything() as unknown, etag: put.etag, size: 1000 });
    expect(Buffer.from(whole?.bytes ?? [])).toEqual(bytes);
    for (const [range, from, to] of [
      [{ from: 0, to: 10 }, 0, 10],
      [{ from: 990, to: 2000 }, 990, 1000],
      [{ from: 5, to: 5 }, 5, 5],
      [{ from: 1000, to: 1010 }, 1000, 1000],
      [{ from: 5000, to: 5010 }, 1000, 1000],
      [{ last: 8 }, 992, 1000],
      [{ last: 5000 }, 0, 1000],
      [{ last: 0 }, 1000, 1000],
    ] as const) {
      const part = await store.get('ranges/x', range);
      expect(Buffer.from(part?.bytes ?? []), JSON.stringify(range)).toEqual(bytes.subarray(from, to));
      expect(part?.size).toBe(1000);
      expect(part?.etag).toBe(put.etag);
    }
    expect(await textOf(await store.stream('ranges/x'))).toBe(bytes.toString('latin1'));
    expect(await textOf(await store.stream('ranges/x', 900))).toBe(bytes.subarray(900).toString('latin1'));
    expect(await textOf(await store.stream('ranges/x', 1000))).toBe('');
  });

  it('keeps an empty object', async () => {
    await store.putIfAbsent('empty', new Uint8Array());
    expect((await store.get('empty'))?.size).toBe(0);
    expect((await store.get('empty', { last: 8 }))?.bytes.byteLength).toBe(0);
    expect(await textOf(await store.stream('empty'))).toBe('');
    expect((await store.head('empty'))?.size).toBe(0);
  });

  it('streams an object of many chunks', async () => {
    const bytes = Buffer.alloc(3_000_000, 'rollcall ');
    await store.putIfAbsent('big', bytes);
    expect(await textOf(await store.stream('big'))).toBe(bytes.toString('latin1'));
  });

  it('never puts over an object', async () => {
    const first = await store.putIfAbsent('once', Buffer.from('first'));
    const second = await opened.other.putIfAbsent('once', Buffer.from('second'));
    expect(second).toEqual({ created: false, etag: first.etag });
    expect(await contentOf(store, 'once')).toBe('first');
  });

  it('lets one of many put', async () => {
    const tries = Array.from({ length: 16 }, (_, i) =>
      (i % 2 ? store : opened.other).putIfAbsent('race/put', Buffer.from(`writer ${i}`)),
    );
    const results = await Promise.all(tries);
    expect(results.filter((r) => r.created)).toHaveLength(1);
    expect(await contentOf(store, 'race/put')).toBe(`writer ${results.findIndex((r) => r.created)}`);
  });

  it('swaps the version named and no other', async () => {
    const { etag: one } = await store.putIfAbsent('swap', Buffer.from('1'));
    const { replaced, etag: two } = await store.replace('swap', Buffer.from('2'), one);
    expect(replaced).toBe(true);
    expect(two).not.toBe(one);
    expect(await opened.other.replace('swap', Buffer.from('3'), one)).toEqual({ replaced: false, etag: two });
    expect(await contentOf(store, 'swap')).toBe('2');
    expect((await store.head('swap'))?.etag).toBe(two);
    await store.delete('swap');
    expect(await store.replace('swap', Buffer.from('4'), two)).toEqual({ replaced: false, etag: '' });
    expect(await store.replace('never', Buffer.from('5'), two)).toEqual({ replaced: false, etag: '' });
    expect(await store.replace('never', Buffer.from('5'), '')).toEqual({ replaced: false, etag: '' });
    expect(await store.get('swap')).toBeUndefined();
  });

  it('gives every version an etag of its own, however fast', async () => {
    let { etag } = await store.putIfAbsent('versions', Buffer.from('a'));
    const etags = new Set([etag]);
    for (let i = 0; i < 30; i += 1) {
      const swap = await store.replace('versions', Buffer.from(`version ${String(i).padStart(2, '0')}`), etag);
      expect(swap.replaced).toBe(true);
      etag = swap.etag;
      etags.add(etag);
    }
    expect(etags.size).toBe(31);
  });

  it('loses no update of many at once', async () => {
    await store.putIfAbsent('counter', Buffer.from('0'));
    const increment = async (from: ObjectStore): Promise<void> => {
      for (;;) {
        const current = await from.get('counter');
        if (!current) throw new Error('the counter went away');
        const next = String(Number(Buffer.from(current.bytes).toString()) + 1);
        if ((await from.replace('counter', Buffer.from(next), current.etag)).replaced) return;
      }
    };
    await Promise.all(Array.from({ length: 24 }, (_, i) => increment(i % 2 ? store : opened.other)));
    expect(await contentOf(store, 'counter')).toBe('24');
  });

  it('lists in byte order, by prefix and after a key', async () => {
    const names = ['b', 'a', 'a!/1', 'a/1', 'a/date=1/x', 'a.1', 'z/y/x', 'é', 'ﬁ', '🎓', 'A', 'z-1'].map(
      (n) => `list/${n}`,
    );
    for (const name of names) await store.putIfAbsent(name === 'list/a' ? 'list/a0' : name, Buffer.from(name));
    const expected = names
      .map((n) => (n === 'list/a' ? 'list/a0' : n))
      .sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
    expect(await keysOf(store, 'list/')).toEqual(expected);
    expect(await keysOf(store, 'list/a')).toEqual(expected.filter((k) => k.startsWith('list/a')));
    expect(await keysOf(store, 'list/a/')).toEqual(['list/a/1', 'list/a/date=1/x']);
    expect(await keysOf(store, 'list/a/date=')).toEqual(['list/a/date=1/x']);
    expect(await keysOf(store, 'nothing')).toEqual([]);
    for (const [i, key] of expected.entries()) {
      expect(await keysOf(store, 'list/', key), key).toEqual(expected.slice(i + 1));
    }
    expect(await keysOf(store, 'list/', 'list/a/')).toEqual(expected.slice(expected.indexOf('list/a/1')));
    const [first] = await allOf(store, 'list/');
    const head = await store.head(first?.key ?? '');
    // S3 says seconds in one place and milliseconds in the other.
    expect({ ...first, modifiedMs: 0 }).toEqual({ ...head, modifiedMs: 0 });
    expect(Math.abs((first?.modifiedMs ?? 0) - (head?.modifiedMs ?? 0))).toBeLessThan(1000);
    expect(first?.modifiedMs).toBeGreaterThan(Date.now() - 60_000);
  });

  it('lists more than a page', async () => {
    for (let i = 0; i < 1100; i += 100) {
      await Promise.all(
        Array.from({ length: 100 }, (_, j) =>
          store.putIfAbsent(`pages/${String(i + j).padStart(5, '0')}`, Buffer.from('x')),
        ),
      );
    }
    const keys = await keysOf(store, 'pages/');
    expect(keys).toHaveLength(1100);
    expect(keys).toEqual([...keys].sort());
  });

  it('deletes', async () => {
    await store.putIfAbsent('gone/x', Buffer.from('x'));
    await store.delete('gone/x');
    expect(await store.get('gone/x')).toBeUndefined();
    expect(await keysOf(store, 'gone/')).toEqual([]);
    expect((await store.putIfAbsent('gone/x', Buffer.from('again'))).created).toBe(true);
  });

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    'a/..',
    './a',
    'a\\b',
    'a\0b',
    '.rollcall/locks/x',
    'x/.rollcall',
    'é'.repeat(600),
    '\ud800',
  ])('refuses the key %j', async (key) => {
    await expect(store.get(key)).rejects.toThrow(RangeError);
    await expect(store.head(key)).rejects.toThrow(RangeError);
    await expect(store.stream(key)).rejects.toThrow(RangeError);
    await expect(store.putIfAbsent(key, Buffer.from('x'))).rejects.toThrow(RangeError);
    await expect(store.replace(key, Buffer.from('x'), 'etag')).rejects.toThrow(RangeError);
    await expect(store.delete(key)).rejects.toThrow(RangeError);
  });

  it('says where it is, without secrets', () => {
    expect(store.url).toMatch(/^(file:\/\/\/|s3:\/\/lake\/some\/prefix$)/);
  });
});

async function allOf(store: ObjectStore, prefix: string, after?: string): Promise<StoredObject[]> {
  const found: StoredObject[] = [];
  for await (const object of store.list(prefix, after === undefined ? {} : { after })) found.push(object);
  return found;
}

async function keysOf(store: ObjectStore, prefix: string, after?: string): Promise<string[]> {
  return (await allOf(store, prefix, after)).map((o) => o.key);
}

async function contentOf(store: ObjectStore, key: string): Promise<string | undefined> {
  const found = await store.get(key);
  return found && Buffer.from(found.bytes).toString();
}

async function textOf(body: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return Buffer.concat(chunks).toString('latin1');
}

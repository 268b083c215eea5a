import type { StoredObject } from '@rollcall/lake';
import { describe, expect, it } from 'vitest';
import { ObjectMemory } from './object-memory.js';

const object = (key: string, size = 10, etag = 'v1'): StoredObject => ({ key, size, etag, modifiedMs: 0 });
const looks = (memory: ObjectMemory, listed: readonly StoredObject[], nowMs = 0): string[] =>
  memory.look(listed, nowMs).map(({ object: { key }, look }) => `${key} ${look}`);

describe('ObjectMemory', () => {
  it('lets a file of a folder settle: two listings in a row must show it unchanged', () => {
    const memory = new ObjectMemory(true);
    expect(looks(memory, [object('a')])).toEqual(['a wait']);
    expect(looks(memory, [object('a', 20, 'v2')])).toEqual(['a wait']);
    expect(looks(memory, [object('a', 20, 'v2')])).toEqual(['a read']);
  });

  it('begins again when a file was gone in between', () => {
    const memory = new ObjectMemory(true);
    looks(memory, [object('a')]);
    looks(memory, []);
    expect(looks(memory, [object('a')])).toEqual(['a wait']);
  });

  it('reads objects of a bucket at once', () => {
    expect(looks(new ObjectMemory(false), [object('a')])).toEqual(['a read']);
  });

  it('leaves known objects alone until they change', () => {
    const memory = new ObjectMemory(false);
    memory.look([object('a')], 0);
    memory.markKnown(object('a'));
    expect(looks(memory, [object('a')])).toEqual(['a known']);
    expect(looks(memory, [object('a', 11, 'v2')])).toEqual(['a read']);
  });

  it('waits with objects that failed or are busy, and counts failures in a row', () => {
    const memory = new ObjectMemory(false);
    memory.look([object('a')], 0);
    expect(memory.markFailed(object('a'))).toBe(1);
    expect(memory.markFailed(object('a'))).toBe(2);
    memory.postpone(object('a'), 500);
    expect(looks(memory, [object('a')], 499)).toEqual(['a wait']);
    expect(looks(memory, [object('a')], 500)).toEqual(['a read']);
  });

  it('passes over unfinished and empty files', () => {
    const listed = [
      object('p/.a.csv.x7'),
      object('p/a.csv.part'),
      object('p/b~'),
      object('.x/c.csv'),
      object('d.csv', 0),
    ];
    expect(looks(new ObjectMemory(false), [...listed, object('p/e.csv')])).toEqual(['p/e.csv read']);
  });
});

import { describe, expect, it } from 'vitest';
import { ShopModel } from './shop-model.js';
import { ShopScript, type ScriptOptions } from './shop-script.js';
import { SHOP_KINDS, type ShopStep } from './shop-step.js';
import { SHOP_EXTRAS, shopWeights } from './shop-weights.js';

const ALL: ScriptOptions = {
  seed: 'one',
  weights: shopWeights(SHOP_EXTRAS),
  maxOperations: 3,
  maxRows: 3,
  rollbackShare: 0.1,
  lateShare: 0.1,
  preparedShare: 0.1,
  lateFor: 10,
};

function stepsOf(options: Partial<ScriptOptions> = {}, transactions = 1_000): readonly ShopStep[] {
  const script = new ShopScript(new ShopModel({ user: 1, sale: 1 }), { ...ALL, ...options });
  const steps = [...script.first()];
  for (let n = 0; n < transactions; n += 1) steps.push(...script.next());
  return [...steps, ...script.finish()];
}

describe('the script of a shop', () => {
  it('is the same for the same seed, and another for another one', () => {
    const steps = stepsOf({}, 300);
    expect(stepsOf({}, 300)).toEqual(steps);
    expect(stepsOf({ seed: 'two' }, 300)).not.toEqual(steps);
  });

  it('has every kind of change', () => {
    const kinds = new Set(stepsOf({}, 2_000).map(({ kind }) => kind));
    expect(SHOP_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it('does only what was asked for', () => {
    const kinds = new Set(
      stepsOf({ weights: shopWeights([]), lateShare: 0, preparedShare: 0, rollbackShare: 0 }).map(({ kind }) => kind),
    );
    for (const kind of ['truncate-all', 'move-user', 'add-column', 'prepare', 'rollback', 'write-notes'] as const)
      expect(kinds).not.toContain(kind);
    expect(kinds).toContain('delete-user');
  });

  it('ends every transaction that it begins, once', () => {
    const open = new Map<number, string>();
    const prepared = new Set<string>();
    for (const { session, kind, sql } of stepsOf()) {
      const gid = /'(rollcall-shop-.*)'/.exec(sql)?.[1] ?? '';
      if (kind === 'begin') {
        expect(open.has(session)).toBe(false);
        open.set(session, kind);
      } else if (kind === 'commit' || kind === 'rollback') expect(open.delete(session)).toBe(true);
      else if (kind === 'prepare') {
        expect(open.delete(session)).toBe(true);
        prepared.add(gid);
      } else if (kind === 'commit-prepared' || kind === 'rollback-prepared') expect(prepared.delete(gid)).toBe(true);
      else if (session > 0) expect(open.has(session)).toBe(true);
    }
    expect([...open.keys(), ...prepared]).toEqual([]);
  });

  it('locks whole tables only when nothing else is open', () => {
    const open = new Set<string>();
    for (const { session, kind, sql } of stepsOf({ lateFor: 50 })) {
      const gid = /'(rollcall-shop-.*)'/.exec(sql)?.[1] ?? '';
      if (/^(TRUNCATE|ALTER)/.test(sql)) expect([...open].filter((one) => one !== String(session))).toEqual([]);
      if (kind === 'begin') open.add(String(session));
      if (kind === 'commit' || kind === 'rollback' || kind === 'prepare') open.delete(String(session));
      if (kind === 'prepare') open.add(gid);
      if (kind === 'commit-prepared' || kind === 'rollback-prepared') open.delete(gid);
    }
  });
});

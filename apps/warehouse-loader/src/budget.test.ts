import { describe, expect, it } from 'vitest';
import { Budget } from './budget.js';

describe('Budget', () => {
  it('never gives out more than there is, and serves who came first', async () => {
    const budget = new Budget(10);
    const order: string[] = [];
    const first = await budget.take(6);
    const waiting = [
      budget.take(6).then((giveBack) => (order.push('six'), giveBack)),
      budget.take(1).then((giveBack) => (order.push('one'), giveBack)),
    ];
    await Promise.resolve();
    expect(order).toEqual([]);
    first();
    first();
    const [six] = await Promise.all(waiting);
    expect(order).toEqual(['six', 'one']);
    six?.();
    expect(await budget.within(9, () => Promise.resolve('done'))).toBe('done');
  });

  it('lets through what is more than there is, alone', async () => {
    const budget = new Budget(10);
    const all = await budget.take(1_000);
    let next = false;
    const waiting = budget.take(1).then(() => (next = true));
    await Promise.resolve();
    expect(next).toBe(false);
    all();
    await waiting;
    expect(next).toBe(true);
  });
});

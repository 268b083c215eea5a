import { expect, test } from 'vitest';
import { faulty } from './faulty.js';

class Counter {
  #done = 0;
  readonly unit = 'calls';
  async add(by: number): Promise<number> {
    return (this.#done += by);
  }
  async done(): Promise<number> {
    return this.#done;
  }
}

test('an empty script changes nothing', async () => {
  const port = faulty(new Counter(), {});
  expect(await port.add(2)).toBe(2);
  expect(await port.done()).toBe(2);
  expect(port.unit).toBe('calls');
});

test('a rejected call is not done', async () => {
  const error = new Error('offline');
  const port = faulty(new Counter(), { add: [{ kind: 'reject', error }] });
  await expect(port.add(2)).rejects.toBe(error);
  expect(await port.done()).toBe(0);
});

test('a call whose answer is lost is done, and fails all the same', async () => {
  const port = faulty(new Counter(), { add: [{ kind: 'lose-answer' }] });
  await expect(port.add(2)).rejects.toThrow('the answer of add was lost');
  expect(await port.done()).toBe(2);
});

test('a held call is done before its answer comes', async () => {
  const gate = Promise.withResolvers<void>();
  const port = faulty(new Counter(), { add: [{ kind: 'hold', until: gate.promise }] });
  let answered = false;
  const call = port.add(2).then((value) => {
    answered = true;
    return value;
  });
  expect(await port.done()).toBe(2);
  expect(answered).toBe(false);
  gate.resolve();
  expect(await call).toBe(2);
});

test('a delayed call is done later', async () => {
  const port = faulty(new Counter(), { add: [{ kind: 'delayMs', delayMs: 20 }] });
  const call = port.add(2);
  expect(await port.done()).toBe(0);
  expect(await call).toBe(2);
});

test('each fault is used once, in order, and only by its method', async () => {
  const port = faulty(new Counter(), { add: [{ kind: 'reject' }, { kind: 'lose-answer' }] });
  expect(await port.done()).toBe(0);
  await expect(port.add(1)).rejects.toThrow('rejected');
  await expect(port.add(1)).rejects.toThrow('lost');
  expect(await port.add(1)).toBe(2);
});

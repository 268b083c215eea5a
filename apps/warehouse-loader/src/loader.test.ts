import type { Catalog } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { announcedBatch, loaderDouble } from '../test/loader-double.js';

const a = announcedBatch('users', 'b');
const b = announcedBatch('users', 'c');

describe('Loader', () => {
  it('commits, announces, then says ok', async () => {
    const double = loaderDouble();
    const verdicts = await double.loader.load([a, b]);
    expect([...verdicts.values()].map((v) => v.kind)).toEqual(['ok', 'ok']);
    expect(double.announced.map((l) => l.batchIds)).toEqual([[a.batchId, b.batchId]]);
  });

  it('announces the earlier load of a batch that is offered again', async () => {
    const double = loaderDouble();
    await double.loader.load([a]);
    await double.loader.load([a]);
    expect(double.announced.map((l) => l.loadId)).toEqual(['load-1', 'load-1']);
  });

  it('does not say ok before the load is announced', async () => {
    const double = loaderDouble({ announce: () => Promise.reject(new RollcallError('nats/unavailable', 'gone')) });
    const verdicts = await double.loader.load([a]);
    expect(verdicts.get(a.batchId)).toMatchObject({ kind: 'threw', error: { code: 'nats/unavailable' } });
  });

  it('tries each batch alone when one of a group cannot be loaded', async () => {
    const double = loaderDouble({
      refuse: (batches) =>
        batches.some((s) => s.announced.batchId === b.batchId)
          ? new RollcallError('lake/corrupt', 'no batch')
          : undefined,
    });
    const verdicts = await double.loader.load([a, b]);
    expect(verdicts.get(a.batchId)?.kind).toBe('ok');
    expect(verdicts.get(b.batchId)).toMatchObject({ kind: 'threw', error: { code: 'lake/corrupt' } });
  });

  it('does not take a group apart for an outage', async () => {
    const double = loaderDouble({ refuse: () => new RollcallError('warehouse/unavailable', 'down') });
    const verdicts = await double.loader.load([a, b]);
    expect([...verdicts.values()].every((v) => v.kind === 'threw')).toBe(true);
    expect(double.calls()).toBe(1);
  });

  it('lets batches wait that the chain does not reach yet', async () => {
    const double = loaderDouble({ waiting: [{ kind: 'chain-gap', batchId: b.batchId, after: 'x' }] });
    const verdicts = await double.loader.load([a, b]);
    expect(verdicts.get(a.batchId)?.kind).toBe('ok');
    expect(verdicts.get(b.batchId)).toMatchObject({ kind: 'threw', error: { code: 'load/chain-waiting' } });
    expect(double.waiting).toEqual([['users', 1]]);
  });

  it('stages the next load while one is merged, no more than one, and merges them one after the other', async () => {
    const steps: string[] = [];
    const batches = ['b', 'c', 'd'].map((id) => announcedBatch('users', id));
    const { loader } = loaderDouble({
      boundsOf: () => ({ maxRows: 1e9, maxBytes: 1e9, maxBatches: 1 }),
      staged: ([batch]) => steps.push(`staged ${batch?.announced.batchId}`),
      merge: async ([batch]) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        steps.push(`merged ${batch?.announced.batchId}`);
      },
    });
    await loader.load(batches);
    const [first, second, third] = batches.map(({ batchId }) => batchId);
    expect(steps).toEqual([
      `staged ${first}`,
      `staged ${second}`,
      `merged ${first}`,
      `staged ${third}`,
      `merged ${second}`,
      `merged ${third}`,
    ]);
  });

  it('bounds the loads of a dataset by whether it has had one', async () => {
    const asked: (readonly [string | undefined, boolean])[] = [];
    const { loader } = loaderDouble({
      boundsOf: (dataset, hasBegun) => {
        asked.push([dataset?.name, hasBegun]);
        return { maxRows: 1_000, maxBytes: 1e9, maxBatches: 10 };
      },
    });
    await loader.load([a]);
    await loader.load([b]);
    expect(asked).toEqual([
      ['users', false],
      ['users', true],
    ]);
  });

  it('names a dataset that its catalog does not have', async () => {
    const double = loaderDouble({ catalog: { sources: [], datasets: new Map() } satisfies Catalog });
    const verdicts = await double.loader.load([a]);
    expect(verdicts.get(a.batchId)).toMatchObject({ kind: 'threw', error: { code: 'load/unknown-dataset' } });
  });
});

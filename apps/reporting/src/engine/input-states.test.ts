import { describe, expect, it } from 'vitest';
import { asOf, inputsOf, sameInputs, withheld, type DatasetInput, type Inputs } from './input-states.js';

const input = (more: Partial<DatasetInput> = {}): DatasetInput => ({
  load: 'l1',
  asOf: '2026-01-02T00:00:00.000000Z',
  withheld: 0,
  settled: 0,
  ...more,
});
const inputs = (datasets: Inputs['datasets'], reports: Inputs['reports'] = {}): Inputs => ({ datasets, reports });

describe('inputs', () => {
  it('are as old as the oldest of them, and those that never sent anything do not count', () => {
    const older = input({ asOf: '2026-01-01T00:00:00.000000Z' });
    expect(asOf(inputs({ a: input(), b: older, c: input({ load: null, asOf: null }) }))).toBe(older.asOf);
    expect(asOf(inputs({ c: input({ asOf: null }) }))).toBeNull();
    expect(asOf(inputs({}))).toBeNull();
  });

  it('that come through another report are as old as they were for it', () => {
    const before = input({ asOf: '2026-01-01T00:00:00.000000Z' });
    const under = new Map([['below', { refreshId: 'r7', inputs: inputs({ a: before }) }]]);
    const now = inputsOf(
      ['a', 'b'],
      new Map([
        ['a', input({ load: 'l2' })],
        ['b', input()],
      ]),
      under,
    );
    expect(now.datasets['a']).toMatchObject({ load: 'l2', asOf: before.asOf });
    expect(now.reports).toEqual({ below: 'r7' });
    expect(asOf(now)).toBe(before.asOf);
  });

  it('add up what is withheld', () => {
    expect(withheld(inputs({ a: input({ withheld: 2 }), b: input({ withheld: 5 }) }))).toBe(7);
  });

  it.each([
    ['another load', inputs({ a: input({ load: 'l2' }) })],
    ['another entry in quarantine', inputs({ a: input({ withheld: 1 }) })],
    ['a decision about a held clear', inputs({ a: input({ settled: 1 }) })],
    ['another dataset', inputs({ a: input(), b: input() })],
    ['a refresh of a report below', inputs({ a: input() }, { below: 'r8' })],
    ['nothing at all', inputs({})],
  ])('are others after %s', (_, other) => {
    const known = inputs({ a: input() }, other.reports['below'] === undefined ? {} : { below: 'r7' });
    expect(sameInputs(known, other)).toBe(false);
    expect(sameInputs(other, known)).toBe(false);
    expect(sameInputs(known, structuredClone(known))).toBe(true);
  });
});

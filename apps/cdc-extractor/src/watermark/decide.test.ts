import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatermarkSample } from '../state/watermark-state.js';
import { decide, MAX_SAMPLES, waitingSeconds, type SourceNow } from './decide.js';

const quiet: SourceNow = { t: '8', at: 10n, open: new Set(), hasPrepared: false, xmin: 100n, xmax: 100n };

describe('decide', () => {
  it('gives the clock of a quiet source at once', () => {
    const { safe, samples } = decide([], quiet);
    expect(safe?.t).toBe('8');
    expect(samples).toEqual([]);
  });

  it('waits for a transaction that began and has not written', () => {
    const first = decide([], { ...quiet, open: new Set(['3/1']) });
    expect(first.safe).toBeUndefined();
    const still = decide(first.samples, { ...quiet, t: '18', at: 20n, open: new Set(['3/1', '4/1']) });
    expect(still.safe).toBeUndefined();
    expect(still.samples).toHaveLength(2);
    const over = decide(still.samples, { ...quiet, t: '28', at: 30n, open: new Set(['4/1']) });
    expect(over.safe?.t).toBe('8');
    expect(over.samples.map(({ t }) => t)).toEqual(['18', '28']);
  });

  it('waits for ids that have not ended, which prepared transactions are', () => {
    const first = decide([], { ...quiet, xmin: 90n });
    expect(first.safe).toBeUndefined();
    expect(decide(first.samples, { ...quiet, t: '18', xmin: 99n, xmax: 120n }).safe).toBeUndefined();
    expect(decide(first.samples, { ...quiet, t: '18', xmin: 100n, xmax: 120n }).safe?.t).toBe('8');
  });

  it('waits for what got its id after the sample and was prepared', () => {
    const first = decide([], { ...quiet, open: new Set(['3/1']) });
    const gone = { ...quiet, t: '18', hasPrepared: true, xmin: 105n, xmax: 130n };
    const prepared = decide(first.samples, gone);
    expect(prepared.safe).toBeUndefined();
    expect(decide(prepared.samples, { ...gone, t: '28', xmin: 129n, xmax: 140n }).safe).toBeUndefined();
    expect(decide(prepared.samples, { ...gone, t: '28', xmin: 130n, xmax: 140n }).safe?.t).toBe('18');
  });

  it('keeps the oldest sample and no more than 32', () => {
    let samples: readonly WatermarkSample[] = [];
    for (let at = 1; at <= 100; at += 1) {
      const now = { ...quiet, t: String(at), at: BigInt(at), open: new Set(['3/1', `4/${at}`]) };
      ({ samples } = decide(samples, now));
    }
    expect(samples).toHaveLength(MAX_SAMPLES);
    expect(samples[0]?.t).toBe('1');
    expect(samples.at(-1)?.t).toBe('100');
    expect(waitingSeconds({ safe: undefined, samples }, { at: 5_000_001n })).toBe(5);
  });

  it('loses no row, whatever transactions begin, write, prepare and end in between', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 300 }), (steps) => {
        const source = new ModelSource();
        for (const one of steps) source.act(one);
        source.endAll();
        source.poll([]);
        source.poll([]);
        expect(source.lost()).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});

type Step =
  | { readonly kind: 'begin' }
  | { readonly kind: 'write' | 'prepare' | 'commit' | 'rollback'; readonly which: number }
  /** What happens to transactions between the questions of one sample. */
  | { readonly kind: 'poll'; readonly between: readonly Exclude<Step, { readonly kind: 'poll' }>[] };

const act = fc.oneof(
  fc.constant({ kind: 'begin' as const }),
  fc.record({
    kind: fc.constantFrom(
      'write' as const,
      'write' as const,
      'prepare' as const,
      'commit' as const,
      'rollback' as const,
    ),
    which: fc.nat(20),
  }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: act },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('poll' as const), between: fc.array(act, { maxLength: 4 }) }) },
);

interface Transaction {
  readonly vxid: string;
  /** Of its BEGIN: the stamp of all its rows. */
  readonly stamp: number;
  xid: number | undefined;
  rows: string[];
  state: 'open' | 'prepared';
}

/** A source in which every step takes a tick of the clock, and a reader that follows `decide`. */
class ModelSource {
  #clock = 0;
  #nextXid = 100;
  #nextRow = 0;
  #transactions: Transaction[] = [];
  readonly #table = new Map<string, number>();
  readonly #delivered = new Set<string>();
  #samples: readonly WatermarkSample[] = [];
  #limit = -1;

  act(one: Step): void {
    this.#clock += 1;
    if (one.kind === 'poll') return this.poll(one.between);
    if (one.kind === 'begin') {
      const vxid = `${this.#transactions.length}/${this.#clock}`;
      this.#transactions.push({ vxid, stamp: this.#clock, xid: undefined, rows: [], state: 'open' });
      return;
    }
    const transaction = this.#transactions[one.which % Math.max(1, this.#transactions.length)];
    if (!transaction) return;
    if (one.kind === 'write' && transaction.state === 'open') {
      transaction.xid ??= this.#nextXid++;
      transaction.rows.push(`row ${(this.#nextRow += 1)}`);
    } else if (one.kind === 'prepare' && transaction.xid !== undefined) transaction.state = 'prepared';
    else if (one.kind === 'commit') this.#end(transaction, true);
    else if (one.kind === 'rollback') this.#end(transaction, false);
  }

  /** Asks one question after another, then reads what is above the limit, as of then. */
  poll(between: readonly Exclude<Step, { readonly kind: 'poll' }>[]): void {
    const acts = [...between];
    const next = <T>(answer: T): T => {
      const one = acts.shift();
      if (one) this.act(one);
      return answer;
    };
    const t = next(this.#clock - 1);
    const open = next(new Set(this.#transactions.flatMap(({ vxid, state }) => (state === 'open' ? [vxid] : []))));
    const hasPrepared = next(this.#transactions.some(({ state }) => state === 'prepared'));
    const running = this.#transactions.flatMap(({ xid }) => xid ?? []);
    const ids = next({ xmin: BigInt(Math.min(this.#nextXid, ...running)), xmax: BigInt(this.#nextXid) });
    const decision = decide(this.#samples, { t: String(t), at: BigInt(t), open, hasPrepared, ...ids });
    this.#samples = decision.samples;
    const above = this.#limit;
    this.#limit = Math.max(above, Number(decision.safe?.t ?? -1));
    for (const [row, stamp] of this.#table) if (stamp > above) this.#delivered.add(row);
  }

  endAll(): void {
    for (const transaction of [...this.#transactions]) this.#end(transaction, true);
    this.#clock += 2;
  }

  lost(): string[] {
    return [...this.#table.keys()].filter((row) => !this.#delivered.has(row));
  }

  #end(transaction: Transaction, commits: boolean): void {
    this.#transactions = this.#transactions.filter((other) => other !== transaction);
    if (commits) for (const row of transaction.rows) this.#table.set(row, transaction.stamp);
  }
}

import type { WatermarkSample } from '../state/watermark-state.js';

/** More samples than these are not kept: the oldest is the next to become safe, the newest gives most. */
export const MAX_SAMPLES = 32;

/** What the source says of its transactions. Asked for in this order, each with a snapshot of its own: t, open, prepared, xmin and xmax. */
export interface SourceNow {
  /** What the limit would be if all that is open now had ended; undefined: there is no value yet. */
  readonly t: string | undefined;
  /** Source clock, microseconds since 1970. */
  readonly at: bigint;
  /** Virtual transactions that are open. */
  readonly open: ReadonlySet<string>;
  readonly hasPrepared: boolean;
  /** Every transaction below has ended (xid8). */
  readonly xmin: bigint;
  /** No transaction from here on has begun to write. */
  readonly xmax: bigint;
}

export interface Decision {
  /** The newest safe sample: rows up to its t are all visible. */
  readonly safe: WatermarkSample | undefined;
  /** To be kept, oldest first. */
  readonly samples: readonly WatermarkSample[];
}

/**
 * Which rows can be passed over for good. A sample is safe when every transaction that was open at its time has ended: then whatever still commits
 * began after it, with stamps above its t.
 *
 * A transaction loses its virtual id when it is prepared. So where one of a sample is gone and something is prepared, what was asked after that takes its
 * place: a prepared transaction has an id below the xmax that is seen then.
 */
export function decide(kept: readonly WatermarkSample[], now: SourceNow): Decision {
  const judged = [...kept, ...sampleOf(now)].map((sample) => judge(sample, now));
  const newest = judged.findLastIndex(({ isSafe }) => isSafe);
  const left = judged.slice(newest + 1).map(({ sample }) => sample);
  return { safe: judged[newest]?.sample, samples: thinned(left) };
}

function sampleOf({ t, at, open, xmax }: SourceNow): WatermarkSample[] {
  return t === undefined ? [] : [{ t, at: at.toString(), xmax: xmax.toString(), open: [...open] }];
}

function judge(
  sample: WatermarkSample,
  { open, hasPrepared, xmin, xmax }: SourceNow,
): { readonly sample: WatermarkSample; readonly isSafe: boolean } {
  const left = sample.open.filter((id) => open.has(id));
  const gone = left.length < sample.open.length;
  const through = gone && hasPrepared && xmax > BigInt(sample.xmax) ? xmax : BigInt(sample.xmax);
  const seen = { ...sample, open: left, xmax: through.toString() };
  return { sample: seen, isSafe: left.length === 0 && xmin >= through };
}

function thinned(samples: readonly WatermarkSample[]): readonly WatermarkSample[] {
  return samples.length <= MAX_SAMPLES ? samples : [...samples.slice(0, 1), ...samples.slice(2)];
}

/** How long the oldest sample has waited for its transactions to end, in seconds of the source's clock. */
export function waitingSeconds({ samples }: Decision, { at }: Pick<SourceNow, 'at'>): number {
  const [oldest] = samples;
  return oldest ? Math.max(0, Number((at - BigInt(oldest.at)) / 1_000_000n)) : 0;
}

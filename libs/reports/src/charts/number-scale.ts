/** The ends of an axis with round ticks that shows zero and all values; one unit high where all are zero. */
export function niceDomain(values: readonly (number | null)[], tickCount = 5): readonly [number, number] {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low === 0 && high === 0) return [0, 1];
  const step = niceStep((high - low) / tickCount);
  return [clean(Math.floor(low / step) * step), clean(Math.ceil(high / step) * step)];
}

/** 1, 2 or 5 times a power of ten, near to the size given. */
export function niceStep(size: number): number {
  const power = 10 ** Math.floor(Math.log10(size));
  const times = size / power;
  return power * (times >= 7.1 ? 10 : times >= 3.2 ? 5 : times >= 1.5 ? 2 : 1);
}

/** Without the dust of multiplying decimals. */
function clean(value: number): number {
  return Number(value.toPrecision(12));
}

/** Short where numbers are long: `120k`, `1.2M`. */
export function axisNumberFormat(format: string, domain: readonly [number, number]): string {
  if (format === '.1%') return domain[1] - domain[0] >= 0.05 ? '.0%' : '.1%';
  return Math.max(Math.abs(domain[0]), Math.abs(domain[1])) >= 100_000 ? '~s' : ',~r';
}

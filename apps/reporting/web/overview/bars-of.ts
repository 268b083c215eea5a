import type { OverviewAnswer } from '@rollcall/reports/shown';

export const BAR_COUNT = 10;
const LEAST = 3;

export interface Bar {
  readonly height: number;
  /** `waste`: the load put records into quarantine. */
  readonly kind: 'none' | 'clean' | 'waste';
}

/** Always ten bars, the newest last. Heights follow the square root: one large load does not flatten the others. */
export function barsOf(loads: OverviewAnswer['datasets'][number]['loads'], maxHeight: number): readonly Bar[] {
  const shown = loads.slice(0, BAR_COUNT).toReversed();
  const most = Math.max(1, ...shown.map((load) => load.in));
  const missing = Array.from({ length: BAR_COUNT - shown.length }, (): Bar => ({ height: LEAST, kind: 'none' }));
  return [
    ...missing,
    ...shown.map((load): Bar => {
      const height = Math.max(LEAST, Math.round(Math.sqrt(load.in / most) * maxHeight));
      return { height, kind: load.quarantined > 0 ? 'waste' : 'clean' };
    }),
  ];
}

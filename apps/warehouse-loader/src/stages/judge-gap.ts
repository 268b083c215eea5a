/** What to do about a chain whose next batch is missing. */
export type GapVerdict =
  /** Younger than the scan delay: the batch is probably on its way. */
  | { readonly kind: 'wait' }
  /** Look for it in the lake: its announcement may be lost. */
  | { readonly kind: 'scan' }
  /** It is not in the lake either: stop this dataset and name the missing range. */
  | { readonly kind: 'stop' };

export interface GapLimits {
  readonly scanAfterSeconds: number;
  readonly stopAfterSeconds: number;
}

/**
 * Judges a gap by its age.
 * @param ageSeconds since the gap was first seen
 * @param scanned whether the lake was scanned since then
 */
export function judgeGap(ageSeconds: number, scanned: boolean, limits: GapLimits): GapVerdict {
  if (ageSeconds >= limits.stopAfterSeconds && scanned) return { kind: 'stop' };
  if (ageSeconds >= limits.scanAfterSeconds && !scanned) return { kind: 'scan' };
  return { kind: 'wait' };
}

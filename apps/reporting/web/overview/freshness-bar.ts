import type { OverviewAnswer } from '@rollcall/reports/shown';

export interface FreshnessLimits {
  readonly warnAfterSeconds: number;
  readonly failAfterSeconds: number;
}

/** The strictest bounds of the reports that stand on a dataset; undefined: none has any. */
export function limitsOf(dataset: string, reports: OverviewAnswer['reports']): FreshnessLimits | undefined {
  const bounds = reports.flatMap(({ freshness: { inputs, warnAfterSeconds, failAfterSeconds } }) =>
    inputs.some((input) => input.dataset === dataset) &&
    warnAfterSeconds !== undefined &&
    failAfterSeconds !== undefined
      ? [{ warnAfterSeconds, failAfterSeconds }]
      : [],
  );
  if (bounds.length === 0) return undefined;
  return {
    warnAfterSeconds: Math.min(...bounds.map((bound) => bound.warnAfterSeconds)),
    failAfterSeconds: Math.min(...bounds.map((bound) => bound.failAfterSeconds)),
  };
}

/** How much of the time that the data may be old is used up, 0..1, and where on the way the warning comes. */
export function usedUp(
  ageSeconds: number,
  limits: FreshnessLimits,
): { readonly used: number; readonly warnAt: number } {
  const share = (seconds: number) => Math.min(1, Math.max(0, seconds / limits.failAfterSeconds));
  return { used: share(ageSeconds), warnAt: share(limits.warnAfterSeconds) };
}

import type { Health } from '@rollcall/reports/shown';

/** From good to bad. */
const ORDER: readonly Health[] = ['unknown', 'healthy', 'warning', 'degraded'];

/** The worst of the parts. What nothing is known of (a dataset that never got a record) does not count, unless that is all there is. */
export function worstOf(parts: readonly Health[]): Health {
  return ORDER[Math.max(0, ...parts.map((part) => ORDER.indexOf(part)))] ?? 'unknown';
}

/** Worst first. */
export function byHealth(a: { readonly health: Health }, b: { readonly health: Health }): number {
  return ORDER.indexOf(b.health) - ORDER.indexOf(a.health);
}

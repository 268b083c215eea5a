import type { Fault } from '@rollcall/catalog';

/** What a warehouse says of a report. */
export interface Inspection {
  /** In the order of the files; empty: it can be served. */
  readonly faults: readonly Fault[];
  /** The datasets that its numbers come from, also through other reports. Sorted. */
  readonly datasets: readonly string[];
  /** What its view reads itself: `analytics.answers`, `report.other`. Sorted. */
  readonly relations: readonly string[];
  /** What could not be checked, and why. */
  readonly notes: readonly string[];
}

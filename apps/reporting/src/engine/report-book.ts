import type { Report } from '@rollcall/reports';
import type { TestOutcome } from '@rollcall/reports/shown';

/** A report as it is served now: its last good revision and the facts of the state behind its view. */
export interface Standing {
  readonly report: Report;
  /** Input datasets, also those of the reports it stands on. */
  readonly datasets: readonly string[];
  /** Reports that its view names. */
  readonly reportsUnder: readonly string[];
  /** Changes with every refresh, also with one that was held back. Sorts by time. */
  readonly refreshId: string;
  /** See `Envelope.asOf`. */
  readonly asOf: string | null;
  readonly computedAt: string;
  readonly rows: number;
  /** Rows that the last refresh inserted, updated or deleted. */
  readonly rowsChanged: number;
  readonly tests: readonly TestOutcome[];
  /** Sum over the inputs. */
  readonly withheld: number;
  readonly inputs: readonly InputState[];
  /** Since when a newer state is not served, and why. null: the newest state is served. */
  readonly heldBack: HeldBack | null;
  /** Of a newer edit of its folder that cannot be served, as `file:line:col: error: …`. Empty: the folder is what is served. */
  readonly faults: readonly string[];
}

export interface InputState {
  readonly dataset: string;
  /** Newest extract that the served state stands on; null: nothing has arrived. */
  readonly asOf: string | null;
  /** Records that wait in quarantine, and clears that are held: not in the numbers. */
  readonly withheld: number;
}

export interface HeldBack {
  /** `test`: a test with severity hold failed. `failed`: the view could not be computed. */
  readonly kind: 'test' | 'failed';
  readonly since: string;
  readonly reason: string;
}

/** A folder without any revision that could be served. */
export interface BrokenReport {
  readonly report: string;
  readonly faults: readonly string[];
}

export type BookEvent =
  /** The rows may be others. */
  | {
      readonly kind: 'refreshed';
      readonly report: string;
      readonly refreshId: string;
      readonly rowsChanged: number;
      readonly asOf: string | null;
    }
  /** Another revision is served (or none any more), or the facts around the rows are others. */
  | { readonly kind: 'changed'; readonly report: string; readonly refreshId: string }
  /** An edit of the folder cannot be served; what was served before still is. */
  | { readonly kind: 'invalid'; readonly report: string; readonly faults: readonly string[] }
  /** A load of a dataset is committed. */
  | { readonly kind: 'loaded'; readonly dataset: string };

/**
 * What is served at this moment, in memory: every answer of the API begins here. Kept current by this process's own engine, by what other
 * replicas announce and by reading `ops.report` again now and then; so a replica may be behind another one for a moment.
 */
export interface ReportBook {
  /** By name. */
  list(): readonly Standing[];
  get(name: string): Standing | undefined;
  /** By name. */
  broken(): readonly BrokenReport[];
  /** Calls `listener` after the book has changed, in order, each at most once; a listener must not throw. */
  on(listener: (event: BookEvent) => void): Disposable;
}

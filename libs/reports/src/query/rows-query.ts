import type { SortKey } from '../report.js';
import type { Cell } from '../shown/api.js';
import type { FilterValue } from '../shown/filter-value.js';

/** SQL with its bound values. Names in it come from the report, quoted; what a reader sends is only ever bound. */
export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

export type { FilterValue } from '../shown/filter-value.js';

/** By the filter's name, in the report's order. A filter that is not in it lets every row through. */
export type FilterValues = ReadonlyMap<string, FilterValue>;

/** One page of rows. */
export interface RowsQuery {
  readonly filters: FilterValues;
  /** As asked, without the grain that breaks ties. */
  readonly sort: readonly SortKey[];
  readonly limit: number;
  readonly after?: PageCursor;
}

/** The row behind which a page begins. */
export interface PageCursor {
  /** By the keys of the whole order, the grain included. */
  readonly values: readonly Cell[];
  /** The refresh that the first page saw. */
  readonly refreshId: string;
}

/** A parameter that cannot be taken. */
export interface ParameterError {
  readonly parameter: string;
  /** A sentence with the way out; it never repeats more than the reader sent. */
  readonly detail: string;
}

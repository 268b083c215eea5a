/** How a value is shown to people. One list for tiles, tables, tooltips, charts and file headers. */
export type ValueFormat =
  /** As it is. */
  | 'text'
  /** An id: fixed width, may be cut in the middle. */
  | 'id'
  /** Grouped, no decimals: `12 345`. */
  | 'int'
  /** Grouped, one or two decimals. */
  | 'num1'
  | 'num2'
  /** A share 0..1 as percent; the value 0.624 is `62.4 %`. */
  | 'pct1'
  /** `3 Aug 2026`, `Aug 2026`, `week of 3 Aug 2026`, `3 Aug 2026, 12:04 UTC`. */
  | 'day'
  | 'month'
  | 'week'
  | 'instant'
  | 'bool';

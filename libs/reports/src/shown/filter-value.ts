/** What a filter is set to. Texts are canonical for the column's type once the server has read them. */
export type FilterValue =
  | { readonly op: 'eq'; readonly value: string | null }
  | { readonly op: 'in'; readonly values: readonly (string | null)[] }
  /** Both ends inclusive; a day stands for all of it. */
  | { readonly op: 'between'; readonly from?: string; readonly to?: string }
  /** Counts back from the newest day of the report, which is the last of them. */
  | { readonly op: 'between'; readonly lastDays: number }
  | { readonly op: 'contains'; readonly text: string }
  | { readonly op: 'where'; readonly value: string };

/** `all`: every row passes, also where the filter has a default. */
export type FilterChoice = FilterValue | 'all';

import { readChoice, type FilterInfo } from '@rollcall/reports/shown';

/** A parameter of the address, or one value of it, that the report does not know. */
export interface UnknownPart {
  readonly name: string;
  readonly value: string;
  /** The filter's label, where the filter is known and its value is not. */
  readonly label?: string;
}

const OWN = new Set(['sort']);

/** What the address asks for and does not get. Shown, never dropped in silence. */
export function unknownParts(filters: readonly FilterInfo[], params: URLSearchParams): readonly UnknownPart[] {
  const parts: UnknownPart[] = [];
  for (const name of new Set(params.keys())) {
    if (OWN.has(name)) continue;
    const values = params.getAll(name);
    const filter = filters.find((one) => one.name === name);
    if (filter === undefined) parts.push(...values.map((value) => ({ name, value })));
    else parts.push(...unknownValues(filter, values).map((value) => ({ name, value, label: filter.label })));
  }
  return parts;
}

function unknownValues(filter: FilterInfo, values: readonly string[]): readonly string[] {
  const isSpanOrText = filter.op === 'between' || filter.op === 'contains' || filter.op === 'where';
  if (isSpanOrText) return readChoice(filter.op, values) === undefined ? values : [];
  return values.filter((value) => {
    const choice = readChoice(filter.op, [value]);
    if (choice === undefined) return true;
    if (choice === 'all' || filter.optionsCut === true || filter.options === undefined) return false;
    const chosen = choice.op === 'eq' ? choice.value : choice.op === 'in' ? (choice.values[0] ?? null) : null;
    return !filter.options.some((option) => option.value === chosen);
  });
}

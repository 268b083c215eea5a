import { formatValue, type FilterChoice, type FilterInfo } from '@rollcall/reports/shown';

/** What a filter is set to, in few words. */
export function choiceText(filter: FilterInfo, choice: FilterChoice): string {
  if (choice === 'all') return 'all';
  switch (choice.op) {
    case 'eq':
      return optionText(filter, choice.value);
    case 'in':
      return choice.values.length > 2
        ? `${choice.values.length} chosen`
        : choice.values.map((value) => optionText(filter, value)).join(', ');
    case 'between':
      if ('lastDays' in choice) return `last ${choice.lastDays} ${choice.lastDays === 1 ? 'day' : 'days'}`;
      return spanText(endText(filter, choice.from), endText(filter, choice.to));
    case 'contains':
      return `“${choice.text}”`;
    case 'where':
      return filter.unit === undefined ? choice.value : formatValue(choice.value, 'text', { unit: filter.unit });
  }
}

export function optionText(filter: FilterInfo, value: string | null): string {
  const label = filter.options?.find((option) => option.value === value)?.label;
  return label ?? (value === null ? '(no value)' : value);
}

function spanText(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && to !== undefined) return from === to ? from : `${from} – ${to}`;
  if (from !== undefined) return `from ${from}`;
  return to === undefined ? 'all' : `to ${to}`;
}

function endText(filter: FilterInfo, end: string | undefined): string | undefined {
  if (end === undefined) return undefined;
  return isDay(filter) && /^\d{4}-\d\d-\d\d$/.test(end) ? formatValue(end, 'day') : end;
}

/** Whether the ends of a span are days, as against numbers. */
export function isDay(filter: Pick<FilterInfo, 'type'>): boolean {
  return filter.type === 'date' || filter.type.startsWith('timestamptz');
}

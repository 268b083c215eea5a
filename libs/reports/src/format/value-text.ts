import { parseLogicalType, valueParser, valueToText, type LogicalType } from '@rollcall/catalog';

/** What a reader may send for a value of a column; longer texts are nobody's choice. */
const MAX_LENGTH = 1000;

/** The canonical text of a value that a reader sent, as it is bound; undefined: it does not fit the type. */
export function canonicalText(type: LogicalType, text: string): string | undefined {
  if (text.length > MAX_LENGTH || text.includes('\0') || !text.isWellFormed()) return undefined;
  if (type.name === 'text') return text;
  // A bound of a decimal may have more digits than the column.
  const bound: LogicalType = type.name === 'decimal' ? { name: 'numeric' } : type;
  const value = valueParser(bound)(text.trim());
  return value === undefined || value === null ? undefined : (valueToText(bound, value) ?? undefined);
}

/** Whether this is a day, written as a day. */
export function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && canonicalText({ name: 'date' }, text) !== undefined;
}

/** What people call the values of a type. */
export function valueWords(type: LogicalType): string {
  switch (type.name) {
    case 'bool':
      return 'true or false';
    case 'int2':
    case 'int4':
    case 'int8':
      return 'a whole number';
    case 'decimal':
    case 'numeric':
    case 'float4':
    case 'float8':
      return 'a number such as 12.5';
    case 'date':
      return 'a day such as 2026-08-03';
    case 'timestamptz':
      return 'an instant such as 2026-08-03T12:04:00Z, or a day';
    default:
      return `a text of at most ${MAX_LENGTH} letters`;
  }
}

const BI_TYPES = ['text', 'bool', 'int4', 'int8', 'decimal', 'numeric', 'float8', 'date', 'timestamptz'] as const;

/** The types that BI tools load well, as a report writes them. */
export const BI_TYPE_NAMES: readonly string[] = BI_TYPES.map((name) => (name === 'decimal' ? 'decimal(10,2)' : name));

/** Reads the type of a report's column; undefined: none, or none that BI tools load well. */
export function parseBiType(text: string): LogicalType | undefined {
  const type = parseLogicalType(text);
  return BI_TYPES.some((name) => name === type?.name) ? type : undefined;
}

export function isNumeric({ name }: LogicalType): boolean {
  return ['int4', 'int8', 'decimal', 'numeric', 'float8'].includes(name);
}

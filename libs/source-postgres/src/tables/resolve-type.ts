import { quoteSourceIdentifier } from './quote-source-identifier.js';
import type { SourceType, TypeShape } from './source-table.js';

/** A row of pg_type, with what hangs on it. OIDs as numbers; 0: none. */
export interface CatalogType {
  readonly schema: string;
  readonly name: string;
  /** pg_type.typtype. */
  readonly form: string;
  readonly delimiter: string;
  /** A built-in type has the same name: so this one is not to be taken for it. */
  readonly shadowed: boolean;
  /** A true array (unlike point, name or int2vector, which have elements too). */
  readonly array: boolean;
  readonly element: number;
  readonly elementDelimiter: string | null;
  readonly base: number;
  readonly baseModifier: number;
  readonly baseFormatted: string | null;
  /** Of a range or multirange. */
  readonly subtype: number | null;
  readonly fields: readonly CatalogField[] | null;
}

export interface CatalogField {
  readonly name: string;
  readonly type: number;
  readonly modifier: number;
  readonly formatted: string;
}

/**
 * A type as a column has it. `formatted` is what format_type gives for it. OID, modifier and text are those declared (as the log
 * repeats them), the shape is that of what a domain stands on, with the modifier that holds there.
 */
export function resolveType(
  types: ReadonlyMap<number, CatalogType>,
  oid: number,
  modifier: number,
  formatted: string,
): SourceType {
  const type = types.get(oid);
  if (type === undefined) return { oid, modifier, text: formatted, shape: { kind: 'unknown' } };
  const shape = shapeOf(types, type, modifier, formatted);
  return { oid, modifier, text: textOf(type, shape, formatted), shape };
}

function shapeOf(
  types: ReadonlyMap<number, CatalogType>,
  type: CatalogType,
  modifier: number,
  formatted: string,
): TypeShape {
  if (type.array) {
    const element = resolveType(types, type.element, modifier, formatted.replace(/\[\]$/, ''));
    return { kind: 'array', element, delimiter: type.elementDelimiter ?? ',' };
  }
  switch (type.form) {
    case 'b':
      return type.shadowed ? { kind: 'unknown' } : { kind: 'builtin', name: type.name, modifier };
    case 'd':
      return resolveType(types, type.base, type.baseModifier, type.baseFormatted ?? '').shape;
    case 'e':
      return { kind: 'enum' };
    case 'r':
    case 'm':
      return { kind: type.form === 'r' ? 'range' : 'multirange', element: plain(types, type.subtype ?? 0) };
    case 'c':
      return {
        kind: 'composite',
        fields: (type.fields ?? []).map((field) => ({
          name: field.name,
          type: resolveType(types, field.type, field.modifier, field.formatted),
        })),
      };
    default:
      return { kind: 'unknown' };
  }
}

/** A type without a modifier; the type's own name does for its text. */
function plain(types: ReadonlyMap<number, CatalogType>, oid: number): SourceType {
  return resolveType(types, oid, -1, types.get(oid)?.name ?? '');
}

/** format_type leaves out schemas that stand in the search_path: here they are always said. */
function textOf(type: CatalogType, shape: TypeShape, formatted: string): string {
  if (type.array && shape.kind === 'array') return `${shape.element.text}[]`;
  if (type.schema === 'pg_catalog') return formatted;
  return `${quoteIfNeeded(type.schema)}.${quoteIfNeeded(type.name)}`;
}

function quoteIfNeeded(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : quoteSourceIdentifier(name);
}

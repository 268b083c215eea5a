import { formatLogicalType, suggestion, type LogicalType, type Path } from '@rollcall/catalog';
import type { Chart, Measure, Report, ReportColumn } from '../report.js';
import { aggregateAt, type BuiltAggregate } from './build-aggregate.js';
import { checkFormat } from './build-columns.js';
import { fileAt } from './build-tests.js';
import { readSpec } from './chart-spec-file.js';
import { columnsAt, labelOf, sortAt, type ReportContext } from './report-context.js';
import type { ChartEntry } from './report-schema.js';
import { isNumeric } from './value-text.js';

const DEFAULT_LIMIT = 500;
const ENCODINGS = ['x', 'y', 'color', 'size', 'facet'] as const;
type Encoding = (typeof ENCODINGS)[number];
type Kind = Exclude<Chart['kind'], 'vega-lite'>;

/** What a kind of chart needs, and what it may have beside. */
const NEEDS: Readonly<Record<Kind, { readonly needed: readonly Encoding[]; readonly free: readonly Encoding[] }>> = {
  bars: { needed: ['x', 'y'], free: ['color', 'facet'] },
  columns: { needed: ['x', 'y'], free: ['facet'] },
  'grouped-columns': { needed: ['x', 'y', 'color'], free: ['facet'] },
  'stacked-columns': { needed: ['x', 'y', 'color'], free: ['facet'] },
  lines: { needed: ['x', 'y'], free: ['color', 'facet'] },
  bubbles: { needed: ['x', 'y', 'size'], free: ['color', 'facet'] },
};

/** Which encoding carries the number: bars lie. */
function numberOf(kind: Kind): Encoding {
  return kind === 'bars' ? 'x' : 'y';
}

/** A column of a chart: the report's, or one that the chart makes. */
interface ChartColumn {
  readonly name: string;
  readonly type: LogicalType;
  /** May be summed and stacked. */
  readonly additive: boolean;
}

/** A chart, checked; undefined where too much is wrong to say more. */
export function buildChart(
  context: ReportContext,
  path: Path,
  entry: ChartEntry,
  filters: Report['filters'],
): Chart | undefined {
  const measures = buildMeasures(context, path, entry);
  const group = entry.group && columnsAt(context, [...path, 'group'], entry.group);
  if (entry.measures && !group) {
    context.faultAtKey(
      [...path, 'measures'],
      'chart-group',
      'measures are made of the rows of a group; say group: [columns]',
    );
  }
  const known: readonly ChartColumn[] = [
    ...(group ?? context.columns).map(fromReport),
    ...Object.entries(measures).map(([name, measure]) => fromMeasure(context, name, measure)),
  ];
  const base = {
    name: entry.name,
    title: entry.title,
    ...(entry.subtitle === undefined ? {} : { subtitle: entry.subtitle }),
    ...(group ? { group: group.map(({ name }) => name) } : {}),
    measures: Object.fromEntries(Object.entries(measures).map(([name, { measure }]) => [name, measure])),
    sort: sortAt(context, [...path, 'sort'], entry.sort, known),
    limit: entry.limit ?? DEFAULT_LIMIT,
  };
  if (entry.vega_lite !== undefined) return specChart(context, path, entry, base);
  if (entry.kind === undefined) {
    context.faultAtKey(path, 'chart-kind', `chart ${entry.name} needs kind, or vega_lite: a file`);
    return undefined;
  }
  const encoded = encodingsOf(context, path, entry, entry.kind, known);
  if (!group) checkTold(context, path, entry, filters);
  return { ...base, kind: entry.kind, ...encoded };
}

function specChart(
  context: ReportContext,
  path: Path,
  entry: ChartEntry,
  base: Omit<Chart, 'kind'>,
): Chart | undefined {
  for (const key of ['kind', ...ENCODINGS] as const) {
    if (entry[key] !== undefined) {
      context.faultAtKey([...path, key], 'chart-kind', `${key} stands in the Vega-Lite file where there is one`);
    }
  }
  const file = entry.vega_lite ?? '';
  const text = fileAt(context, [...path, 'vega_lite'], file);
  if (text === undefined) return undefined;
  const { spec, faults } = readSpec(text);
  context.faultsInFile(file, faults);
  return spec && { ...base, kind: 'vega-lite', spec, specFile: file };
}

/** Stands in for a measure that is told to be wrong, so that who draws it is not told as well. */
const COUNTED: BuiltAggregate = { aggregate: { of: 'count' }, type: { name: 'int8' } };

interface BuiltMeasure {
  readonly measure: Measure;
  readonly type: LogicalType;
}

function buildMeasures(context: ReportContext, path: Path, entry: ChartEntry): Readonly<Record<string, BuiltMeasure>> {
  const built: Record<string, BuiltMeasure> = {};
  for (const [name, measure] of Object.entries(entry.measures ?? {})) {
    const place = [...path, 'measures', name];
    if (context.columns.some((column) => column.name === name)) {
      context.faultAtKey(place, 'name-twice', `${name} is a column of the report; give the measure another name`);
    }
    const { aggregate, column, type } = aggregateAt(context, [...place, 'value'], measure.value) ?? COUNTED;
    const same = aggregate.of !== 'distinct' ? column : undefined;
    const unit = measure.unit ?? same?.unit;
    built[name] = {
      type,
      measure: {
        ...aggregate,
        label: measure.label ?? same?.label ?? labelOf(name),
        ...(unit === undefined ? {} : { unit }),
        format: checkFormat(context, [...place, 'format'], measure.format, type),
      },
    };
  }
  return built;
}

function fromReport({ name, type, additive }: ReportColumn): ChartColumn {
  return { name, type, additive: additive === 'sum' };
}

function fromMeasure(context: ReportContext, name: string, { measure, type }: BuiltMeasure): ChartColumn {
  const column = context.columns.find((one) => one.name === measure.column);
  return { name, type, additive: measure.of === 'count' || (measure.of === 'sum' && column?.additive === 'sum') };
}

function encodingsOf(
  context: ReportContext,
  path: Path,
  entry: ChartEntry,
  kind: Kind,
  known: readonly ChartColumn[],
): { readonly [encoding in Encoding]?: string } {
  const { needed, free } = NEEDS[kind];
  const encoded: { [encoding in Encoding]?: string } = {};
  for (const encoding of ENCODINGS) {
    const text = entry[encoding];
    const place = [...path, encoding];
    if (text === undefined) {
      if (needed.includes(encoding)) context.fault(path, 'chart-encoding', `a chart of kind ${kind} needs ${encoding}`);
      continue;
    }
    if (!needed.includes(encoding) && !free.includes(encoding)) {
      const way = [...needed, ...free].join(', ');
      context.faultAtKey(place, 'chart-encoding', `a chart of kind ${kind} has no ${encoding}; it has ${way}`);
      continue;
    }
    const column = known.find(({ name }) => name === text);
    if (!column) {
      const names = known.map(({ name }) => name);
      const message = `chart ${entry.name} has no column "${text}"${suggestion(text, names)}`;
      context.fault(place, 'unknown-column', message);
      continue;
    }
    encoded[encoding] = text;
    checkEncoding(context, place, kind, encoding, column);
  }
  return encoded;
}

function checkEncoding(context: ReportContext, path: Path, kind: Kind, encoding: Encoding, column: ChartColumn): void {
  const number = encoding === numberOf(kind) || encoding === 'size';
  if (number && !isNumeric(column.type)) {
    const message = `${encoding} of ${kind} is a number, ${column.name} is ${formatLogicalType(column.type)}`;
    context.fault(path, 'chart-type', message);
  } else if (kind === 'stacked-columns' && encoding === 'y' && !column.additive) {
    const message = `${column.name} must not be stacked: it is additive: none (the same thing would count twice); take grouped-columns or lines`;
    context.fault(path, 'not-additive', message);
  } else if (kind === 'lines' && encoding === 'x' && (column.type.name === 'text' || column.type.name === 'bool')) {
    context.fault(path, 'chart-type', `a line runs along numbers or dates, ${column.name} is ${column.type.name}`);
  }
}

/** Without a group every mark is one row: two rows at one place would be drawn over each other. */
function checkTold(context: ReportContext, path: Path, entry: ChartEntry, filters: Report['filters']): void {
  if (entry.kind === 'bubbles') return;
  const fixed = filters.flatMap((filter) => (filter.op === 'eq' && filter.required ? [filter.column] : []));
  const told = new Set([entry.x, entry.y, entry.color, entry.facet, ...fixed]);
  const open = context.entry.grain.filter((column) => !told.has(column));
  if (open.length === 0) return;
  const message = `rows that differ only in ${open.join(', ')} would lie over each other; use it for color or facet, or say group and measures`;
  context.fault(path, 'chart-grain', message);
}

import { suggestion, type Path } from '@rollcall/catalog';
import type { Chart, LayoutRow, Report, TableRule, Target, Tile } from '../report.js';
import { aggregateAt } from './build-aggregate.js';
import { buildChart } from './build-charts.js';
import { checkFormat } from './build-columns.js';
import { columnsAt, labelOf, sortAt, type ReportContext } from './report-context.js';
import type { RowEntry, TableEntry, TileEntry } from './report-schema.js';

const DEFAULT_PAGE = 50;
const KINDS = ['tiles', 'chart', 'charts', 'table'] as const;

/** The page of a report, checked: its tiles, charts, table and their rows. */
export function buildShow(
  context: ReportContext,
  filters: Report['filters'],
  targets: readonly Target[],
): Pick<Report, 'tiles' | 'charts' | 'table' | 'layout'> {
  const tiles: Tile[] = [];
  const charts: Chart[] = [];
  const tables: TableRule[] = [];
  const layout: LayoutRow[] = [];
  const rows: readonly RowEntry[] = context.entry.show ?? [{ table: {} }];
  rows.forEach((row, at) => {
    const path: Path = ['show', at];
    const kinds = KINDS.filter((kind) => row[kind] !== undefined);
    if (kinds.length !== 1) {
      const found = kinds.length === 0 ? 'nothing' : kinds.join(' and ');
      const message = `expected tiles, chart, charts or table, found ${found}; make each a list item of its own`;
      context.fault(path, 'one-row', message);
      return;
    }
    if (row.tiles) {
      const built = Object.entries(row.tiles).flatMap(([name, tile]) => {
        const place = [...path, 'tiles', name];
        if (tiles.some((other) => other.name === name))
          context.faultAtKey(place, 'name-twice', `tile ${name} stands twice`);
        return buildTile(context, place, name, tile, targets) ?? [];
      });
      tiles.push(...built);
      layout.push({ kind: 'tiles', tiles: built.map(({ name }) => name) });
    }
    const entries = row.charts ?? (row.chart ? [row.chart] : []);
    const built = entries.flatMap((entry, index) => {
      const place = row.charts ? [...path, 'charts', index] : [...path, 'chart'];
      if (charts.some(({ name }) => name === entry.name)) {
        context.fault([...place, 'name'], 'name-twice', `chart ${entry.name} stands twice`);
      }
      const chart = buildChart(context, place, entry, filters);
      if (chart) charts.push(chart);
      return chart ?? [];
    });
    if (entries.length > 0) layout.push({ kind: 'charts', charts: built.map(({ name }) => name) });
    if (row.table) {
      if (tables.length > 0) context.faultAtKey([...path, 'table'], 'name-twice', 'a report has one table');
      tables.push(buildTable(context, [...path, 'table'], row.table));
      layout.push({ kind: 'table' });
    }
  });
  return { tiles, charts, table: tables[0] ?? buildTable(context, ['show'], {}), layout };
}

function buildTable(context: ReportContext, path: Path, entry: TableEntry): TableRule {
  const columns = entry.columns && columnsAt(context, [...path, 'columns'], entry.columns);
  const sort = entry.sort === undefined ? undefined : sortAt(context, [...path, 'sort'], entry.sort, context.columns);
  return {
    columns: (columns ?? context.columns).map(({ name }) => name),
    sort: sort ?? context.entry.grain.map((column) => ({ column, descending: false })),
    pageRows: entry.page ?? DEFAULT_PAGE,
  };
}

function buildTile(
  context: ReportContext,
  path: Path,
  name: string,
  entry: TileEntry,
  targets: readonly Target[],
): Tile | undefined {
  const built = aggregateAt(context, [...path, 'value'], entry.value);
  const target = targetOf(context, path, entry, targets);
  if (!built) return undefined;
  const { aggregate, column, type } = built;
  // A count of values is of another kind than the values.
  const same = aggregate.of !== 'distinct' ? column : undefined;
  const whole = aggregate.of === 'sum' || aggregate.of === 'min' || aggregate.of === 'max' ? column?.format : undefined;
  const unit = entry.unit ?? same?.unit;
  return {
    name,
    label: entry.label ?? same?.label ?? labelOf(name),
    aggregate,
    format: checkFormat(context, [...path, 'format'], entry.format ?? whole, type),
    ...(unit === undefined ? {} : { unit }),
    good: entry.good ?? same?.good ?? 'none',
    ...(target ? { target } : {}),
  };
}

function targetOf(
  context: ReportContext,
  path: Path,
  { target }: TileEntry,
  targets: readonly Target[],
): Target | undefined {
  if (target === undefined) return undefined;
  const found = targets.find(({ column }) => column === target);
  if (!found) {
    const known = Object.keys(context.entry.targets ?? {});
    if (!known.includes(target)) {
      const message = `targets has no "${target}"${suggestion(target, known)}`;
      context.fault([...path, 'target'], 'unknown-target', message);
    }
  }
  return found;
}

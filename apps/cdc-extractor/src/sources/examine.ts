import type { Dataset, Source } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { describeTable, examineSource, type ExaminedTable, type SourceFault } from '@rollcall/source-postgres';
import type pg from 'pg';
import { planCapture } from '../plan/capture-plan.js';
import type { SourceContext } from '../source-context.js';

/** What stands in the way of a source, in sentences, each with what mends it. */
export interface Examined {
  readonly stops: readonly string[];
  readonly warnings: readonly string[];
  /** Whether all that stops is a missing privilege. */
  readonly isDenied: boolean;
  /** What of it stands in the way of reading a table, by dataset. */
  readonly ofDataset: ReadonlyMap<string, readonly string[]>;
}

/** Looks at the source as the catalog says it is read. Codes source/unavailable, source/denied. */
export async function examine(context: SourceContext): Promise<Examined> {
  const { source, signal } = context;
  const client = await context.connect({ signal });
  try {
    const tables: ExaminedTable[] = [];
    const planned = new Map<string, readonly string[]>();
    for (const dataset of source.datasets) {
      const { table, faults } = await examinedTable(context, client, dataset);
      tables.push(table);
      planned.set(dataset.name, faults);
    }
    const found = await examineSource(client, { tables, ...namesOf(source) });
    const stops = found.filter(({ severity }) => severity === 'stop');
    return {
      stops: [...stops.map(sentence), ...[...planned.values()].flat()],
      warnings: found.filter(({ severity }) => severity === 'warn').map(sentence),
      isDenied: [...planned.values()].flat().length === 0 && stops.every(({ rule }) => PRIVILEGES.has(rule)),
      ofDataset: new Map(
        source.datasets.map((dataset) => [
          dataset.name,
          [...readingStops(dataset, stops), ...(planned.get(dataset.name) ?? [])],
        ]),
      ),
    };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The error that says all of it; undefined when nothing stops. */
export function unfit(source: string, { stops, isDenied }: Examined): RollcallError | undefined {
  if (stops.length === 0) return undefined;
  return new RollcallError(isDenied ? 'source/denied' : 'source/unfit', `${source}: ${stops.join('\n')}`);
}

/** What is wrong with a table itself, whoever reads it: the log has needs of its own. */
function readingStops(dataset: Dataset, stops: readonly SourceFault[]): readonly string[] {
  const name = dataset.from ?? dataset.name;
  return stops.filter(({ rule, table }) => table === name && READING.has(rule)).map(sentence);
}

const READING: ReadonlySet<SourceFault['rule']> = new Set([
  'table-missing',
  'column-missing',
  'schema-usage',
  'table-select',
  'row-security',
  'key-not-unique',
  'standby',
]);

const PRIVILEGES: ReadonlySet<SourceFault['rule']> = new Set(['schema-usage', 'table-select', 'replication-role']);

function namesOf(source: Source): { readonly slot: string; readonly publication: string; readonly create: boolean } {
  return source.log ?? { slot: `rollcall_${source.source}`, publication: `rollcall_${source.source}`, create: true };
}

/** The examination speaks the names of the source, the catalog those of the lake. */
async function examinedTable(
  { piiKey }: SourceContext,
  client: pg.Client,
  dataset: Dataset,
): Promise<{ readonly table: ExaminedTable; readonly faults: readonly string[] }> {
  const name = dataset.from ?? dataset.name;
  const { capture, key } = dataset;
  const found = await describeTable(client, name);
  const plan = found && planCapture(dataset, found, piiKey);
  const sourceName = (column: string): string =>
    plan?.columns.find((planned) => planned.name === column)?.sourceColumn.name ?? column;
  const table = {
    name,
    mode: capture.mode === 'events' ? ('full' as const) : capture.mode,
    key: key.map(sourceName),
    columns: dataset.columns.map((column) => sourceName(column.name)),
    ...(capture.mode === 'watermark' && {
      cursor: sourceName(capture.cursor),
      horizon: capture.horizonConnection !== undefined || capture.lagSeconds !== undefined,
    }),
  };
  // What is missing the examination says as well, and what was probably meant.
  const own = plan?.faults.filter(({ kind }) => kind === 'name-collision' || kind === 'cursor-hidden') ?? [];
  return { table, faults: own.map(({ message }) => message) };
}

function sentence({ table, message, mend }: SourceFault): string {
  const where = table === undefined ? '' : `${table}: `;
  return mend === undefined ? `${where}${message}` : `${where}${message}: ${mend}`;
}

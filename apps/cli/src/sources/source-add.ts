import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { columnName, parseSource, type Catalog } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import {
  columnCodec,
  connectSource,
  describeTable,
  examineSource,
  formatTableName,
  listTables,
  parseTableName,
  type SourceFault,
  type SourceTable,
} from '@rollcall/source-postgres';
import type { CliContext } from '../cli-context.js';
import { readCatalogFolder } from '../catalog/read-catalog.js';
import type { SourceAddOptions } from '../commands/source-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { chooseCapture, type ChosenCapture } from './choose-capture.js';
import { abilitiesOf } from './source-abilities.js';
import { datasetName, sourceFile, type NewSource } from './source-file.js';

/**
 * `rollcall source add`: looks at the tables of a database, chooses how each is captured, writes the catalog file and says what is missing.
 * A file that stands there already is never touched. Exit 1 when something is missing in the database.
 */
export async function runSourceAdd(
  opened: OpenedSettings,
  options: SourceAddOptions,
  context: CliContext,
): Promise<ExitCode> {
  const [url = ''] = options.args;
  const name = columnName(options.name ?? databaseOf(url));
  const { catalog } = await readCatalogFolder(opened.catalogDir);
  const client = await connectSource(url, { applicationName: 'rollcall source add' });
  try {
    const { tables, unread } = await tablesOf(client, options.table);
    const abilities = await abilitiesOf(client);
    const chosen = tables.map((table) => ({ table, capture: chooseCapture(table, abilities) }));
    const added: NewSource = {
      source: name,
      connection: `${name.toUpperCase()}_URL`,
      ...prefixFor(name, chosen, catalog),
      tables: chosen,
    };
    const text = sourceFile(added, (type) => columnCodec(type).logical);
    const file = join(opened.catalogDir, `${name}.yaml`);
    const { source, faults } = parseSource(text, file);
    if (!source)
      throw new Error(`the file made for ${name} has faults: ${faults.map(({ message }) => message).join('; ')}`);
    if (options.print) context.out.line(text.trimEnd());
    else await writeNew(file, text);
    for (const table of unread) context.err.line(context.paintErr.yellow(`left out: ${table}`));
    if (!options.print) sayWhatNext(context, file, added);
    const missing = await examineSource(client, {
      tables: source.datasets.map(({ from, name: dataset, capture, key }) => ({
        name: from ?? dataset,
        mode: capture.mode === 'events' ? 'full' : capture.mode,
        key,
        ...(capture.mode === 'watermark' && { cursor: capture.cursor }),
      })),
      slot: source.log?.slot ?? '',
      publication: source.log?.publication ?? '',
      create: true,
    });
    for (const fault of missing) sayMissing(context, fault);
    return missing.some(({ severity }) => severity === 'stop') ? EXIT.findings : EXIT.ok;
  } finally {
    await client.end();
  }
}

function databaseOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol))
    throw new RollcallError('config/invalid', 'expected postgres://user@host/database');
  return decodeURIComponent(parsed.pathname.slice(1)) || parsed.username || 'database';
}

async function tablesOf(
  client: Parameters<typeof describeTable>[0],
  wanted: readonly string[] | undefined,
): Promise<{ readonly tables: readonly SourceTable[]; readonly unread: readonly string[] }> {
  const listed = await listTables(client);
  const names = listed.map(({ name }) => name).join(', ');
  const chosen = wanted?.map((name) => {
    const parsed = parseTableName(name);
    const found = parsed && listed.find((one) => one.name === formatTableName(parsed));
    if (!found) throw new RollcallError('source/unfit', `there is no table ${name}; there is ${names}`);
    return found;
  });
  const readable = (chosen ?? listed).filter((table) => table.readable);
  if (readable.length === 0)
    throw new RollcallError(
      'source/denied',
      `this role may read none of ${names}: GRANT SELECT on those it is to read`,
    );
  const tables: SourceTable[] = [];
  for (const { name } of readable) {
    const table = await describeTable(client, name);
    if (table) tables.push(table);
  }
  const unread = (chosen ?? listed).filter((table) => !table.readable);
  return { tables, unread: unread.map(({ name }) => `${name}: this role may not read it`) };
}

/** Where another source has a dataset of such a name, all of these get the source's name before theirs. */
function prefixFor(
  source: string,
  tables: readonly { readonly table: SourceTable; readonly capture: ChosenCapture }[],
  catalog: Catalog | undefined,
): { readonly prefix?: string } {
  const taken = tables.some(({ table }) => catalog?.datasets.has(datasetName(table)) === true);
  return taken ? { prefix: `${source}_` } : {};
}

async function writeNew(file: string, text: string): Promise<void> {
  await writeFile(file, text, { flag: 'wx' }).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const why = exists ? 'stands there already: --name another, or --print and merge by hand' : 'cannot be written';
    throw new RollcallError('config/invalid', `${file} ${why}`, { cause });
  });
}

function sayWhatNext(context: CliContext, file: string, { connection, tables }: NewSource): void {
  context.out.line(file);
  for (const { table, capture } of tables)
    context.err.line(
      `  ${formatTableName(table)}: ${capture.mode}${capture.cursor === undefined ? '' : ` by ${capture.cursor}`} (${capture.why})`,
    );
  context.err.line(
    context.paintErr.dim(`next: set ${connection} for cdc-extractor (or ${connection}_FILE), then start it`),
  );
}

function sayMissing(context: CliContext, { severity, message, mend }: SourceFault): void {
  const paint = severity === 'stop' ? context.paintErr.red : context.paintErr.yellow;
  context.err.line(paint(`${severity === 'stop' ? 'missing' : 'warning'}: ${message}`));
  if (mend !== undefined) context.err.line(`  ${mend.replaceAll('\n', '\n  ')}`);
}

import { type Dataset, type LogNames } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import {
  createSlot,
  describeTable,
  dropSlot,
  ensurePublication,
  identifySystem,
  planPublication,
  publishedAs,
  readPublication,
  readSlot,
  sqlForDba,
  type CreatedSlot,
  type SourceTable,
  type SystemIdentity,
} from '@rollcall/source-postgres';
import type pg from 'pg';
import { type SourceContext } from '../source-context.js';
import { CursorDoc } from '../state/cursor-doc.js';
import { judgeSlot, slotLost } from './judge-slot.js';
import { type StreamDoc, type StreamState } from './stream-state.js';

export interface LogDataset {
  readonly dataset: Dataset;
  readonly table: SourceTable;
}

/** A slot that was made just now; `client` holds its snapshot as long as it does nothing. */
export interface NewSlot extends CreatedSlot {
  readonly client: pg.Client;
}

export interface PreparedLog {
  readonly datasets: ReadonlyMap<string, LogDataset>;
  readonly newSlot?: NewSlot;
}

export interface Preparation {
  readonly context: SourceContext;
  readonly state: StreamState;
  readonly names: LogNames;
  readonly datasets: readonly Dataset[];
  /** An ordinary connection. */
  readonly client: pg.Client;
}

/**
 * Makes sure that the log of a source can be read from where the state stands: the publication covers the tables, the slot is the one that was read, and
 * the state knows every dataset, as streamed or as joining. Makes what was never there. Throws `source/slot-lost` rather than replace what was read.
 */
export async function prepareLog(preparation: Preparation): Promise<PreparedLog> {
  const { context, state, names, client } = preparation;
  const { source } = context.source;
  const datasets = await describeAll(preparation);
  const [system, slot] = [await identifySystem(client), await readSlot(client, names.slot)];
  if (slot && slot.plugin !== 'pgoutput')
    throw new RollcallError(
      'source/unfit',
      `slot ${names.slot} of ${source} is of ${slot.plugin ?? 'no plugin'}, not of pgoutput: choose another name in the catalog`,
    );
  const doc = state.doc?.renew === undefined ? state.doc : undefined;
  const verdict = judgeSlot({ names, doc, slot, system });
  if (verdict.kind === 'lost') throw slotLost(source, names.slot, [...datasets.keys()], verdict);
  const left = await publish(preparation, datasets, slot !== undefined, system);
  switch (verdict.kind) {
    case 'resume':
      await takeUp(preparation, datasets, left, verdict.doc);
      return { datasets };
    case 'adopt':
      await begin(preparation, datasets, system, verdict.from);
      return { datasets };
    case 'make':
    case 'make-anew': {
      if (verdict.kind === 'make-anew') await context.effects.run('slot.drop', () => dropSlot(client, names.slot));
      return { datasets, newSlot: await makeSlot(preparation, datasets, system) };
    }
  }
}

async function describeAll({ context, client, datasets }: Preparation): Promise<Map<string, LogDataset>> {
  const found = new Map<string, LogDataset>();
  for (const dataset of datasets) {
    const from = dataset.from ?? dataset.name;
    const table = await describeTable(client, from);
    if (!table || (table.kind !== 'table' && table.kind !== 'partitioned'))
      throw new RollcallError(
        'source/unfit',
        `${context.source.source} has no table ${from}, that ${dataset.name} is captured from by log`,
      );
    found.set(dataset.name, { dataset, table });
  }
  return found;
}

/** Gives the datasets whose tables were not published: what changed there was not streamed. */
async function publish(
  { context, names, client }: Preparation,
  datasets: ReadonlyMap<string, LogDataset>,
  hasSlot: boolean,
  { serverVersion }: SystemIdentity,
): Promise<ReadonlySet<string>> {
  const { slot, publication, create } = names;
  const tables = [...datasets.values()].map(({ table: { schema, name, columns } }) => ({
    schema,
    name,
    generated: columns.some((column) => column.generated),
  }));
  const present = await readPublication(client, publication);
  const left = [...datasets].filter(
    ([, { table }]) => !present || (!present.allTables && publishedAs(present, table) === undefined),
  );
  if (create) {
    const effect = present ? 'publication.alter' : 'publication.create';
    await context.effects.run(effect, () => ensurePublication(client, { publication, tables }));
    return new Set(left.map(([name]) => name));
  }
  const missing = planPublication(publication, present, tables, serverVersion);
  if (missing.length === 0 && hasSlot) return new Set();
  const sql = hasSlot
    ? missing.map((each) => `${each};\n`).join('')
    : sqlForDba({ slot, publication, tables, serverVersion });
  throw new RollcallError(
    'source/unfit',
    `${context.source.source}: slot ${slot} and publication ${publication} are not as log capture needs them. An administrator runs:\n${sql}`,
  );
}

async function makeSlot(
  preparation: Preparation,
  datasets: ReadonlyMap<string, LogDataset>,
  system: SystemIdentity,
): Promise<NewSlot> {
  const { context, names } = preparation;
  const client = await context.connect({ replication: 'database', signal: context.signal });
  try {
    const made = await context.effects.run('slot.create', () => createSlot(client, names.slot));
    await begin(preparation, datasets, system, made.consistentPoint);
    return { ...made, client };
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/** The state of a slot that nothing was read from yet: all datasets are to be read whole. */
async function begin(
  preparation: Preparation,
  datasets: ReadonlyMap<string, LogDataset>,
  { systemId, timeline }: SystemIdentity,
  from: bigint,
): Promise<void> {
  const { state, names } = preparation;
  const joining = await joiningOf(preparation, [...datasets.values()], from);
  await state.begin({
    format: 1,
    slot: names.slot,
    systemId,
    timeline,
    confirmed: from.toString(),
    datasets: {},
    joining,
  });
}

/**
 * Datasets that are new in the catalog, or whose table was made anew or had left the publication, join; those that left the catalog are forgotten: they
 * would come back with a gap.
 */
async function takeUp(
  preparation: Preparation,
  datasets: ReadonlyMap<string, LogDataset>,
  left: ReadonlySet<string>,
  doc: StreamDoc,
): Promise<void> {
  const isSame = ([name, { table }]: [string, { readonly table: number }]): boolean =>
    datasets.get(name)?.table.oid === table && !left.has(name);
  const streamed = Object.fromEntries(Object.entries(doc.datasets).filter(isSame));
  const joining = Object.fromEntries(Object.entries(doc.joining).filter(isSame));
  const fresh = [...datasets.values()].filter(({ dataset: { name } }) => !(name in streamed) && !(name in joining));
  const next = {
    ...doc,
    datasets: streamed,
    joining: { ...joining, ...(await joiningOf(preparation, fresh, BigInt(doc.confirmed))) },
  };
  if (JSON.stringify(next) !== JSON.stringify(doc)) await preparation.state.move(() => next);
}

/** Each in a new epoch: what was read of it before, by another capture or under another slot, ends. */
async function joiningOf(
  { context }: Preparation,
  datasets: readonly LogDataset[],
  hold: bigint,
): Promise<StreamDoc['joining']> {
  const joining: StreamDoc['joining'] = {};
  for (const { dataset, table } of datasets) {
    const { standing } = await CursorDoc.open(context, dataset);
    joining[dataset.name] = { epoch: standing.epoch + 1, table: table.oid, hold: hold.toString() };
  }
  return joining;
}

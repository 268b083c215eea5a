import { fileURLToPath } from 'node:url';
import { buildRowReader, loadCatalog, type Catalog, type Dataset, type ReadRow, type Value } from '@rollcall/catalog';
import { appEvents, type BatchWritten, type Range } from '@rollcall/contracts';
import { isoMicros, positionIndex, positionPrefix, seal, sha256Hex } from '@rollcall/kernel';
import { fetchBatch, openBatch, openStore, writeBatch, type LakeColumn, type ObjectStore } from '@rollcall/lake';
import { readReports, type Report } from '@rollcall/reports';
import { testDatabase, testLake } from '@rollcall/testkit';
import { loadGroup, migrate, openWarehouse, qualified, type Warehouse } from '@rollcall/warehouse';
import type { ReportBook, Standing } from '../src/engine/report-book.js';

const CATALOG = fileURLToPath(new URL('../../../catalog', import.meta.url));
const REPORTS = fileURLToPath(new URL('../../../reports', import.meta.url));
const TEXT = { name: 'text' } as const;
const KEY = 'a key for tests';

type SourceRecord = Readonly<Record<string, unknown>>;

/** Warehouse and lake filled batch by batch as the services fill them, the reports of the repository as plain views on top. */
export interface LineageBed extends AsyncDisposable {
  readonly url: string;
  readonly warehouse: Warehouse;
  readonly store: ObjectStore;
  readonly catalog: Catalog;
  readonly book: ReportBook;
  /** A dropped file: its header stands on line 1. */
  drop(dataset: string, origin: string, records: readonly SourceRecord[]): Promise<BatchWritten>;
  /** Events that came over HTTP and were acknowledged when they were in the lake. */
  http(dataset: string, records: readonly SourceRecord[]): Promise<BatchWritten>;
  /**
   * Messages of the bus, each of one or many events. An event that is a text could not be read: it goes into the lane of rejected records.
   * Gives the object of the rows.
   */
  bus(dataset: string, messages: readonly (readonly (SourceRecord | string)[])[]): Promise<BatchWritten>;
  /** A clear of the whole dataset: held, since it would delete everything. */
  clear(dataset: string): Promise<BatchWritten>;
}

interface Placed {
  readonly row: ReadRow;
  readonly position: string;
}

export async function lineageBed(): Promise<LineageBed> {
  const [database, lake, catalog, reports] = await Promise.all([
    testDatabase({
      template: { name: 'reporting-lineage', build: async (url) => void (await migrate({ warehouseUrl: url })) },
    }),
    testLake(),
    loadCatalog(CATALOG),
    readReports(REPORTS),
  ]);
  const store = await openStore({ url: lake.url });
  const warehouse = openWarehouse(database.url, { maxConnections: 6 });
  let point = 1_782_172_800_000_000n;

  const named = (name: string): Dataset => {
    const dataset = catalog.datasets.get(name);
    if (!dataset) throw new Error(`the catalog has no ${name}`);
    return dataset;
  };
  const read = (name: string, records: readonly SourceRecord[]): readonly ReadRow[] => {
    const reader = buildRowReader(named(name));
    return records.map((record) => {
      const outcome = reader(record);
      if (outcome.kind !== 'ok') throw new Error(`not a row: ${JSON.stringify(record)}: ${outcome.kind}`);
      return outcome.value;
    });
  };
  const nextPrefix = (): string => {
    point += 1_000_003n;
    return positionPrefix(1, point);
  };

  async function land(
    name: string,
    lane: 'rows' | 'rejected',
    origin: string,
    range: Range,
    columns: readonly LakeColumn[],
  ): Promise<BatchWritten> {
    const dataset = named(name);
    const announced = await writeBatch(store, {
      source: dataset.source,
      dataset: name,
      lane,
      range,
      contract: dataset.version,
      origin,
      columns,
      extractedAt: isoMicros(point),
      asOfDay: isoMicros(point).slice(0, 10),
    });
    const batch = await openBatch(await fetchBatch(store, announced));
    await loadGroup(warehouse, dataset, [{ announced, groups: batch.groups() }]);
    return announced;
  }

  function rows(name: string, placed: readonly Placed[]): readonly LakeColumn[] {
    const dataset = named(name);
    return [
      { name: '_position', type: TEXT, values: placed.map(({ position }) => position) },
      { name: '_op', type: TEXT, values: placed.map(() => 'u') },
      ...(dataset.keyForm === 'hash' ? [{ name: '_key', type: TEXT, values: placed.map(({ row }) => row.key) }] : []),
      { name: '_rest', type: { name: 'json' } as const, values: placed.map(({ row }) => row.rest) },
      ...dataset.columns.map(({ name: column, type }, c) => ({
        name: column,
        type,
        values: placed.map(({ row }): Value => row.values[c] ?? null),
      })),
    ];
  }

  const eventsRange = (placed: readonly Placed[]): Range => ({
    kind: 'events',
    digest: sha256Hex(placed.map(({ position }) => position).join('\n')),
    count: placed.length,
  });

  return {
    url: database.url,
    warehouse,
    store,
    catalog,
    book: bookOf(reports.reports, catalog),
    async drop(name, origin, records) {
      const prefix = nextPrefix();
      const placed = read(name, records).map((row, at) => ({ row, position: prefix + positionIndex(at + 2) }));
      const range: Range = { kind: 'drop', sha256: sha256Hex(origin + prefix), from: 20, to: 20 + records.length };
      return land(name, 'rows', origin, range, rows(name, placed));
    },
    async http(name, records) {
      const prefix = nextPrefix();
      const placed = read(name, records).map((row, at) => ({ row, position: prefix + positionIndex(at) }));
      return land(name, 'rows', `http /v1/events/${name}`, eventsRange(placed), rows(name, placed));
    },
    async bus(name, messages) {
      const placed: Placed[] = [];
      const refused: { readonly position: string; readonly text: string; readonly item: number }[] = [];
      for (const events of messages) {
        const prefix = nextPrefix();
        const base = parseInt(sha256Hex(JSON.stringify([events, prefix])).slice(0, 8), 16) & 0x7fff_ffff;
        for (const [item, event] of events.entries()) {
          const position = prefix + positionIndex(base + item);
          if (typeof event === 'string') refused.push({ position, text: event, item });
          else placed.push(...read(name, [event]).map((row) => ({ row, position })));
        }
      }
      const origin = appEvents(name).subject;
      if (refused.length > 0) {
        const range: Range = { kind: 'events', digest: sha256Hex(JSON.stringify(refused)), count: refused.length };
        await land(name, 'rejected', origin, range, rejected(named(name), refused));
      }
      return land(name, 'rows', origin, eventsRange(placed), rows(name, placed));
    },
    async clear(name) {
      const position = nextPrefix() + positionIndex(0);
      const nothing = { key: null, rest: null, values: [] } as unknown as ReadRow;
      const columns = rows(name, [{ row: nothing, position }]).map((column) =>
        column.name === '_op' ? { ...column, values: ['t'] } : column,
      );
      const scope: LakeColumn = { name: '_scope', type: TEXT, values: ['[]'] };
      const range: Range = { kind: 'events', digest: sha256Hex(position), count: 1 };
      return land(name, 'rows', 'test clear', range, [...columns, scope]);
    },
    async [Symbol.asyncDispose]() {
      await warehouse.close();
      await Promise.all([database.drop(), lake.remove()]);
    },
  };
}

function rejected(
  dataset: Dataset,
  records: readonly { readonly position: string; readonly text: string; readonly item: number }[],
): readonly LakeColumn[] {
  const text = (name: string, values: readonly (string | null)[]): LakeColumn => ({ name, type: TEXT, values });
  return [
    text(
      '_position',
      records.map(({ position }) => position),
    ),
    text(
      'reason',
      records.map(() => 'not-an-object'),
    ),
    text(
      'place',
      records.map(({ item }) => `message EVENTS item ${item}`),
    ),
    text(
      'contract',
      records.map(() => dataset.version),
    ),
    { name: 'length', type: { name: 'int4' }, values: records.map((record) => record.text.length) },
    {
      name: 'sealed',
      type: { name: 'bytes' },
      values: records.map((record) => seal(KEY, Buffer.from(record.text), `${dataset.name}:${record.position}`)),
    },
    text(
      'format',
      records.map(() => 'json'),
    ),
    text(
      'header',
      records.map(() => null),
    ),
  ];
}

/** The views of the reports; call it when their datasets have their first batch. */
export async function publishReports(bed: Pick<LineageBed, 'warehouse' | 'book'>): Promise<void> {
  for (const { report } of bed.book.list()) {
    await bed.warehouse.session((session) =>
      session.run(`CREATE OR REPLACE VIEW ${qualified('report', report.name)} AS\n${report.sql}`),
    );
  }
}

/** What is served, said by the folders alone. */
function bookOf(reports: readonly Report[], catalog: Catalog): ReportBook {
  const standings = reports.map((report): Standing => {
    const datasets = report.evidence.map(({ dataset }) => dataset).filter((name) => catalog.datasets.has(name));
    return {
      report,
      datasets,
      reportsUnder: [],
      refreshId: 'r1',
      asOf: null,
      computedAt: '2026-06-23T00:00:00.000000Z',
      rows: 0,
      rowsChanged: 0,
      tests: [],
      withheld: 0,
      inputs: datasets.map((dataset) => ({ dataset, asOf: null, withheld: 0 })),
      heldBack: null,
      faults: [],
    };
  });
  return {
    list: () => standings,
    get: (name) => standings.find(({ report }) => report.name === name),
    broken: () => [],
    on: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

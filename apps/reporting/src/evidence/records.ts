import type { Catalog, Dataset, LogicalType } from '@rollcall/catalog';
import { parsePosition } from '@rollcall/kernel';
import type { ObjectStore } from '@rollcall/lake';
import type { RecordAnswer } from '@rollcall/reports/shown';
import type { Ops } from '@rollcall/warehouse';
import { runInfo } from '../overview/run-info.js';
import { isLedgerId, readBatches, type BatchFacts, type Reading } from './batch-facts.js';
import { eventOfMessage, LakeRecords, type LakeField, type LakeRecord } from './lake-record.js';
import { placeInWords, placeOf } from './place-of.js';
import { recordField, type RecordField } from './record-fields.js';
import {
  servedVersion,
  standingColumns,
  standingVersion,
  type StandingColumn,
  type StandingVersion,
} from './record-versions.js';

export interface RecordsParts {
  /** As the owner: raw and the ledger are nobody else's to read. */
  readonly warehouse: Reading;
  readonly lake: ObjectStore;
  readonly catalog: Pick<Catalog, 'datasets'>;
  readonly ops: Pick<Ops, 'findRun'>;
}

export type RecordOutcome =
  { readonly kind: 'found'; readonly answer: RecordAnswer } | { readonly kind: 'absent'; readonly detail: string };

/** One record in all its places: as it is served, as it stands in raw, as it lies in its object, and how it came there. */
export class Records {
  readonly #parts: RecordsParts;
  readonly #lake: LakeRecords;

  constructor(parts: RecordsParts) {
    this.#parts = parts;
    this.#lake = new LakeRecords(parts.lake);
  }

  /**
   * @param batch `ops.batch.id`, as `_batch_id` names it
   * @throws RollcallError lake/* when the object is missing or is not what was announced, warehouse/*
   */
  async find(datasetName: string, batch: string, position: string): Promise<RecordOutcome> {
    const { warehouse, catalog } = this.#parts;
    const dataset = catalog.datasets.get(datasetName);
    if (dataset === undefined) return absent('There is no such dataset in the catalog.');
    if (!isLedgerId(batch) || parsePosition(position) === undefined)
      return absent('A record is named by the number of its batch and its position.');
    const facts = (await readBatches(warehouse, [batch])).get(batch);
    if (facts?.dataset !== dataset.name) return absent(`Dataset ${dataset.name} has no batch ${batch}.`);
    if (facts.lane === 'rejected')
      return absent('The record could not be read as a row: it stands in quarantine, not in the warehouse.');
    const record = await this.#lake.read(facts, position);
    if (record === undefined) return absent(`Batch ${batch} holds no record at ${position}.`);
    return { kind: 'found', answer: await this.#answer(dataset, facts, position, record) };
  }

  async #answer(dataset: Dataset, facts: BatchFacts, position: string, record: LakeRecord): Promise<RecordAnswer> {
    const { warehouse, ops } = this.#parts;
    const columns = await standingColumns(warehouse, dataset.name);
    const standing = await standingVersion(warehouse, dataset, columns, record.fields);
    const served = standing && (await servedVersion(warehouse, dataset, standing));
    const [place, run] = await Promise.all([
      this.#place(facts, position, record),
      facts.run === null ? undefined : ops.findRun(facts.run),
    ]);
    return {
      dataset: dataset.name,
      position,
      place,
      fields: fieldsOf(dataset, columns, record.fields, standing, served),
      superseded: standing !== undefined && (standing.batch !== facts.id || standing.position !== position),
      batch: batchAnswer(facts),
      load: facts.load,
      run: run ? runInfo(run) : null,
    };
  }

  async #place(facts: BatchFacts, position: string, record: LakeRecord): Promise<string> {
    const place = placeOf(position, facts);
    if (place.kind !== 'bus') return placeInWords(place);
    const prefix = position.slice(0, position.lastIndexOf('-') + 1);
    const rows = await this.#parts.warehouse.query<{ position: string }>(
      'SELECT position FROM ops.quarantine WHERE dataset = $1 AND position BETWEEN $2 AND $3',
      [facts.dataset, `${prefix}00000000`, `${prefix}ffffffff`],
    );
    const refused = rows.flatMap((row) => parsePosition(row.position)?.index ?? []);
    const index = parsePosition(position)?.index ?? 0;
    return placeInWords(place, eventOfMessage(index, record.indicesBeside, refused));
  }
}

function absent(detail: string): RecordOutcome {
  return { kind: 'absent', detail };
}

/** What names a record rather than being said by it. */
const OF_THE_PLATFORM: ReadonlySet<string> = new Set(['_position', '_op', '_key']);
const TEXT: LogicalType = { name: 'text' };

/** The contract's columns first, then what only one of the places has; `_rest` (what fitted no column) where there is one. */
function fieldsOf(
  dataset: Dataset,
  columns: readonly StandingColumn[],
  lake: readonly LakeField[],
  standing: StandingVersion | undefined,
  served: ReadonlyMap<string, string | null> | undefined,
): readonly RecordField[] {
  const inLake = new Map(lake.filter(({ name }) => !OF_THE_PLATFORM.has(name)).map((field) => [field.name, field]));
  const restOfLake = inLake.get('_rest')?.value ?? null;
  const types = new Map<string, LogicalType>([
    ...dataset.columns.map(({ name, type }) => [name, type] as const),
    ...columns.map(({ name, type }) => [name, type] as const),
  ]);
  const names = new Set([
    ...dataset.columns.map(({ name }) => name),
    ...columns.map(({ name }) => name),
    ...(served?.keys() ?? []),
    ...inLake.keys(),
  ]);
  names.delete('_rest');
  const fields = [...names].map((name) => {
    const field = inLake.get(name);
    const inRaw = standing?.values.get(name);
    const inView = served?.get(name);
    return recordField({
      name,
      type: types.get(name) ?? field?.type ?? TEXT,
      ...(inView !== undefined && { clean: inView }),
      ...(inRaw !== undefined && { raw: inRaw }),
      ...(field !== undefined && { lake: { type: field.type, value: field.value } }),
    });
  });
  if (restOfLake === null && (standing?.rest ?? null) === null) return fields;
  return [
    ...fields,
    recordField({
      name: '_rest',
      type: { name: 'json' },
      ...(standing && { raw: standing.rest }),
      lake: { type: { name: 'json' }, value: restOfLake },
    }),
  ];
}

export function batchAnswer(facts: BatchFacts): RecordAnswer['batch'] {
  const { id, key, rows, bytes, sha256, contract, origin, source, range, extractedAt, trace } = facts;
  return { id, key, rows, bytes, sha256, contract, origin, source, range, extractedAt, trace };
}

import type { Session } from '@rollcall/warehouse';
import type { InputState } from './report-book.js';

/** What a state of a report stands on: enough to say whether a newer one is to be had. Stands in `ops.report.inputs`. */
export interface Inputs {
  /** By dataset, through whatever reports it comes. */
  readonly datasets: Readonly<Record<string, DatasetInput>>;
  /** By report that the view names: its refresh. */
  readonly reports: Readonly<Record<string, string>>;
}

export interface DatasetInput {
  /** Newest load, null before the first. */
  readonly load: string | null;
  /** Newest extract in the ledger. */
  readonly asOf: string | null;
  /** Open entries of quarantine and clears that wait. */
  readonly withheld: number;
  /** Held clears that were decided: an approved one deletes rows without a load. */
  readonly settled: number;
}

const DATASETS = `
SELECT d.dataset,
  (SELECT l.load_id FROM ops.load l WHERE l.dataset = d.dataset ORDER BY l.loaded_at DESC, l.load_id DESC LIMIT 1) AS load,
  (SELECT to_char(max(b.extracted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') FROM ops.batch b WHERE b.dataset = d.dataset) AS as_of,
  ((SELECT count(*) FROM ops.quarantine q WHERE q.status = 'open' AND q.dataset = d.dataset)
    + (SELECT count(*) FROM ops.held h WHERE h.status = 'waiting' AND h.dataset = d.dataset))::int AS withheld,
  (SELECT count(*) FROM ops.held h WHERE h.status <> 'waiting' AND h.dataset = d.dataset)::int AS settled
FROM unnest($1::text[]) AS d (dataset)`;

/** Reads the ledger's side of inputs, for many reports at once. */
export async function readDatasetInputs(
  session: Pick<Session, 'rows'>,
  datasets: Iterable<string>,
): Promise<ReadonlyMap<string, DatasetInput>> {
  const rows = await session.rows<{
    dataset: string;
    load: string | null;
    as_of: string | null;
    withheld: number;
    settled: number;
  }>(DATASETS, [[...new Set(datasets)]]);
  return new Map(
    rows.map(({ dataset, load, as_of: asOf, withheld, settled }) => [dataset, { load, asOf, withheld, settled }]),
  );
}

/** What a report that is served brings to those that stand on it. */
export interface ReportInput {
  readonly refreshId: string;
  readonly inputs: Inputs;
}

/**
 * The inputs of a report as of now. A dataset that comes through another report is only as new as that report is: the older of both counts,
 * also where the view reads the dataset itself too.
 */
export function inputsOf(
  datasets: readonly string[],
  ledger: ReadonlyMap<string, DatasetInput>,
  under: ReadonlyMap<string, ReportInput>,
): Inputs {
  const states = datasets.map((dataset): [string, DatasetInput] => {
    const own = ledger.get(dataset) ?? { load: null, asOf: null, withheld: 0, settled: 0 };
    const through = [...under.values()].flatMap(({ inputs }) => inputs.datasets[dataset]?.asOf ?? []);
    const asOf = own.asOf === null ? null : [own.asOf, ...through].reduce((a, b) => (a < b ? a : b));
    return [dataset, { ...own, asOf }];
  });
  return {
    datasets: Object.fromEntries(states),
    reports: Object.fromEntries([...under].map(([name, { refreshId }]) => [name, refreshId])),
  };
}

/** Whether nothing has happened between the two. */
export function sameInputs(a: Inputs, b: Inputs): boolean {
  return (
    sameKeys(a.reports, b.reports) &&
    sameKeys(a.datasets, b.datasets) &&
    Object.entries(a.reports).every(([name, refreshId]) => b.reports[name] === refreshId) &&
    Object.entries(a.datasets).every(([name, one]) => {
      const other = b.datasets[name];
      return (
        other !== undefined &&
        one.load === other.load &&
        one.asOf === other.asOf &&
        one.withheld === other.withheld &&
        one.settled === other.settled
      );
    })
  );
}

function sameKeys(a: object, b: object): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}

/** The oldest of the inputs' newest extracts. Inputs that never sent anything do not count: nothing of theirs is missing yet. */
export function asOf(inputs: Inputs): string | null {
  const known = Object.values(inputs.datasets).flatMap((input) => input.asOf ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => (a < b ? a : b));
}

export function withheld(inputs: Inputs): number {
  return Object.values(inputs.datasets).reduce((sum, input) => sum + input.withheld, 0);
}

/** As the API shows them. */
export function shownInputs(inputs: Inputs): readonly InputState[] {
  return Object.entries(inputs.datasets)
    .map(([dataset, input]) => ({ dataset, asOf: input.asOf, withheld: input.withheld }))
    .sort((a, b) => (a.dataset < b.dataset ? -1 : 1));
}

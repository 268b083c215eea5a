import { grouped, textTable, type ColumnHead } from '../screen/text-table.js';
import type { DemoPart } from './state-file.js';

/** What stands where, of one dataset. */
export interface Arrival {
  readonly dataset: string;
  /** Batches of both lanes in the lake, and records in each lane. */
  readonly lakeBatches: number;
  readonly lakeRows: number;
  readonly lakeRejected: number;
  /** Batches of the lake that the ledger does not have (yet). */
  readonly notLoaded: number;
  /** Rows people see: analytics.<dataset>. */
  readonly warehouseRows: number;
  readonly sessions?: number;
  readonly halfDaySessions?: number;
  readonly quarantined: number;
}

const HEADS: readonly ColumnHead[] = [
  { title: 'dataset' },
  { title: 'sent', align: 'right' },
  { title: 'lake batches', align: 'right' },
  { title: 'lake rows', align: 'right' },
  { title: 'warehouse rows', align: 'right' },
  { title: 'sessions', align: 'right' },
  { title: 'half-day', align: 'right' },
  { title: 'quarantine', align: 'right' },
];

const WAYS: Readonly<Record<DemoPart['via'], string>> = {
  drop: 'dropped',
  bus: 'on the bus',
  database: 'in its database',
};

/** The table at the end of `rollcall up`: one line a dataset, from source to warehouse. */
export function arrivalTable(arrivals: readonly Arrival[], demo: readonly DemoPart[]): string {
  const rows = arrivals.map((a) => {
    const sent = demo.filter((part) => part.dataset === a.dataset);
    return [
      a.dataset,
      sent.length === 0 ? '-' : sent.map((part) => `${grouped(part.sent)} ${WAYS[part.via]}`).join(', '),
      grouped(a.lakeBatches),
      grouped(a.lakeRows),
      grouped(a.warehouseRows),
      a.sessions === undefined ? '-' : grouped(a.sessions),
      a.halfDaySessions === undefined ? '-' : grouped(a.halfDaySessions),
      grouped(a.quarantined),
    ];
  });
  return textTable(HEADS, rows);
}

/**
 * What does not agree between what the demo sent and what stands in the warehouse, in sentences; empty when all agrees.
 * @param exact false when other data came too, or operators have been at work: then only the demo's rows must still be there
 */
export function arrivalFaults(
  arrivals: readonly Arrival[],
  demo: readonly DemoPart[],
  exact: boolean,
): readonly string[] {
  return demo.flatMap((part) => {
    const arrival = arrivals.find((a) => a.dataset === part.dataset);
    return arrival ? partFaults(part, arrival, exact) : [`${part.dataset}: not in the catalog of this run`];
  });
}

function partFaults(part: DemoPart, arrival: Arrival, exact: boolean): readonly string[] {
  const { dataset } = part;
  const differs = (what: string, found: number, expected: number): string[] =>
    found === expected ? [] : [`${dataset}: ${grouped(found)} ${what}, ${grouped(expected)} expected`];
  const notLoaded =
    arrival.notLoaded > 0
      ? [`${dataset}: ${grouped(arrival.notLoaded)} batches of the lake are not in the ledger`]
      : [];
  if (!exact) {
    const least = `${dataset}: ${grouped(arrival.warehouseRows)} rows in the warehouse, at least ${grouped(part.distinct)} expected`;
    return arrival.warehouseRows < part.distinct ? [least, ...notLoaded] : notLoaded;
  }
  return [
    ...differs('rows in the warehouse', arrival.warehouseRows, part.distinct),
    ...differs('records in quarantine', arrival.quarantined, part.malformed),
    ...(part.sessions === undefined ? [] : differs('sessions by gap', arrival.sessions ?? 0, part.sessions)),
    ...notLoaded,
  ];
}

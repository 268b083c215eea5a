import type { Warehouse } from '@rollcall/warehouse';
import { inputsOf, readDatasetInputs, sameInputs, type ReportInput } from './input-states.js';
import { readAllServed, reading, type Served } from './ops-report.js';

export interface Compared {
  readonly served: Served;
  /** The ledger, or a report it stands on, has gone past the inputs that were last tried. */
  readonly isOld: boolean;
}

/** Everything that is served, by name, and what of it is old. Two statements, however many reports there are. */
export async function compareWithLedger(warehouse: Warehouse): Promise<ReadonlyMap<string, Compared>> {
  const all = await readAllServed(reading(warehouse));
  const ledger = await readDatasetInputs(
    reading(warehouse),
    all.flatMap(({ datasets }) => datasets),
  );
  const byName = new Map<string, ReportInput>(all.map((served) => [served.report.name, served]));
  const compared = all.map((served): [string, Compared] => {
    const under = served.reportsUnder.flatMap((name): [string, ReportInput][] => {
      const input = byName.get(name);
      return input ? [[name, input]] : [];
    });
    const now = inputsOf(served.datasets, ledger, new Map(under));
    return [served.report.name, { served, isOld: !sameInputs(served.attempted ?? served.inputs, now) }];
  });
  return new Map(compared);
}

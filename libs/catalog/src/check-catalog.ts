import type { Catalog, Dataset } from './dataset.js';
import { sortFaults, type Fault } from './format/fault.js';
import type { ParsedSource } from './format/parse-source.js';

export interface CheckedCatalog {
  /** Only when there is no fault. */
  readonly catalog?: Catalog;
  /** Every fault of every file, and those that only the whole shows. */
  readonly faults: readonly Fault[];
}

interface Placed {
  readonly parsed: ParsedSource;
  readonly dataset: Dataset;
}

/** Puts the files of a catalog together: pure. */
export function checkCatalog(parsed: readonly ParsedSource[]): CheckedCatalog {
  const faults: Fault[] = parsed.flatMap((file) => file.faults);
  const sources = parsed.flatMap(({ source }) => source ?? []);
  const placed = parsed.flatMap((file) => (file.source?.datasets ?? []).map((dataset) => ({ parsed: file, dataset })));
  faults.push(...sameSourceNames(parsed), ...sameRelations(placed), ...overlappingDrops(placed));
  if (faults.length > 0) return { faults: sortFaults(faults) };
  return { catalog: { sources, datasets: new Map(placed.map(({ dataset }) => [dataset.name, dataset])) }, faults: [] };
}

function sameSourceNames(parsed: readonly ParsedSource[]): readonly Fault[] {
  const seen = new Map<string, string>();
  return parsed.flatMap(({ source, file, faultAtSource }) => {
    if (!source) return [];
    const other = seen.get(source.source);
    seen.set(source.source, other ?? file);
    if (other === undefined) return [];
    return [faultAtSource('duplicate-source', `source "${source.source}" stands in ${other} already`)];
  });
}

/** Datasets and the tables derived from them stand in one schema: each name once in the whole catalog. */
function sameRelations(placed: readonly Placed[]): readonly Fault[] {
  const owners = new Map<string, Placed>();
  const faults: Fault[] = [];
  for (const one of placed) {
    const { parsed, dataset } = one;
    const other = owners.get(dataset.name);
    if (other) {
      const message = `dataset "${dataset.name}" stands in ${other.parsed.file} already; names are unique in the whole catalog`;
      faults.push(parsed.faultAtDataset(dataset.name, [], 'duplicate-dataset', message));
    } else owners.set(dataset.name, one);
  }
  for (const one of placed) {
    for (const table of new Set(one.dataset.derive.map(({ into }) => into))) {
      const other = owners.get(table);
      if (other) {
        const message = `table "${table}" is the name of a dataset or of another dataset's table (${other.dataset.name} in ${other.parsed.file})`;
        faults.push(one.parsed.faultAtDataset(one.dataset.name, ['derive'], 'duplicate-dataset', message));
      } else owners.set(table, one);
    }
  }
  return faults;
}

/** A dropped file must belong to one dataset. */
function overlappingDrops(placed: readonly Placed[]): readonly Fault[] {
  const seen: { readonly prefix: string; readonly dataset: string }[] = [];
  return placed.flatMap(({ parsed, dataset }) => {
    const prefix = dataset.drop?.prefix;
    if (prefix === undefined) return [];
    const other = seen.find(
      (one) => `${one.prefix}/`.startsWith(`${prefix}/`) || `${prefix}/`.startsWith(`${one.prefix}/`),
    );
    seen.push({ prefix, dataset: dataset.name });
    if (!other) return [];
    const message = `prefix "${prefix}" overlaps "${other.prefix}" of ${other.dataset}: a file would belong to both`;
    return [parsed.faultAtDataset(dataset.name, ['drop', 'prefix'], 'drop-overlap', message)];
  });
}

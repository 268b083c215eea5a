import { sourceSchema, type SourceEntry } from './source-schema.js';
import type { Dataset, LogNames, Source } from '../dataset.js';
import { buildDataset } from './build-dataset.js';
import { isZone } from './check-context.js';
import { checkShape } from './check-shape.js';
import { sortFaults, type Fault } from './fault.js';
import { knownKeys } from './known-keys.js';
import { parseDuration } from './quantities.js';
import { YamlPlaces, type Path } from './yaml-places.js';

/** A catalog file, read. */
export interface ParsedSource {
  readonly file: string;
  /** Only when there is no fault. */
  readonly source?: Source;
  /** Every fault, in the order of the file. */
  readonly faults: readonly Fault[];
  /** Where a dataset, or a part of it, stands: for faults that only the whole catalog shows. */
  readonly faultAtDataset: (dataset: string, part: Path, rule: string, message: string) => Fault;
  /** A fault of the source as a whole. */
  readonly faultAtSource: (rule: string, message: string) => Fault;
}

/** Letters of a relation's name. */
const MAX_NAME = 63;

const SHAPE = { schema: sourceSchema, knownKeys, standIns: { source: 'unnamed' } };

/** Reads one catalog file: pure. `file` is what faults are told with. */
export function parseSource(text: string, file: string): ParsedSource {
  const places = new YamlPlaces(text, file);
  const syntax = places.syntaxFaults;
  let prefix = '';
  const located = locate(places, () => prefix);
  if (syntax.length > 0) return { file, faults: sortFaults(syntax), ...located };

  const { entry, faults } = checkShape(places, SHAPE);
  if (!entry) return { file, faults: sortFaults(faults), ...located };
  prefix = entry.dataset_prefix ?? '';
  const source = buildSource(entry, file, places, faults);
  return faults.length > 0
    ? { file, faults: sortFaults(faults), ...located }
    : { file, source, faults: [], ...located };
}

function locate(places: YamlPlaces, prefix: () => string): Pick<ParsedSource, 'faultAtDataset' | 'faultAtSource'> {
  return {
    faultAtDataset: (dataset, part, rule, message) => {
      const key = ['datasets', dataset.slice(prefix().length)];
      return part.length === 0 ? places.atKey(key, rule, message) : places.atValue([...key, ...part], rule, message);
    },
    faultAtSource: (rule, message) => places.atValue(['source'], rule, message),
  };
}

function buildSource(entry: SourceEntry, file: string, places: YamlPlaces, faults: Fault[]): Source {
  const { schedule } = entry;
  if (entry.kind === 'postgres' && entry.connection === undefined) {
    const message = 'a source of kind postgres needs connection: the name of an environment variable';
    faults.push(places.atKey(['connection'], 'missing-key', message));
  }
  if (entry.kind !== 'postgres' && entry.log !== undefined) {
    faults.push(
      places.atKey(['log'], 'log-kind', `log names slots of a database; this source is of kind ${entry.kind}`),
    );
  }
  const zone = schedule?.zone ?? 'UTC';
  if (!isZone(zone)) {
    faults.push(places.atValue(['schedule', 'zone'], 'unknown-zone', `"${zone}" is not an IANA time zone`));
  }
  const datasets = Object.entries(entry.datasets).map(([key, dataset]): Dataset => {
    if ((entry.dataset_prefix ?? '').length + key.length > MAX_NAME) {
      faults.push(places.atKey(['datasets', key], 'bad-name', `"${key}" with its prefix is longer than ${MAX_NAME}`));
    }
    const context = {
      kind: entry.kind,
      dataset: `${entry.dataset_prefix ?? ''}${key}`,
      entry: dataset,
      fault: (path: Path, rule: string, message: string) => {
        faults.push(places.atValue(['datasets', key, ...path], rule, message));
      },
      faultAtKey: (path: Path, rule: string, message: string) => {
        faults.push(places.atKey(['datasets', key, ...path], rule, message));
      },
    };
    return buildDataset(context, entry.source);
  });
  return {
    source: entry.source,
    kind: entry.kind,
    ...(entry.connection === undefined ? {} : { connection: entry.connection }),
    ...(schedule ? { schedule: { everySeconds: parseDuration(schedule.every) ?? 0, zone } } : {}),
    ...(entry.kind === 'postgres' && { log: logNames(entry) }),
    datasets,
    file,
  };
}

function logNames({ source, log }: SourceEntry): LogNames {
  // Names of slots hold 63 bytes; a source's name has at most as many.
  const usual = `rollcall_${source}`.slice(0, MAX_NAME);
  return { slot: log?.slot ?? usual, publication: log?.publication ?? usual, create: log?.create ?? true };
}

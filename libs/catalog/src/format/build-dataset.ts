import type { Capture, Dataset, Source } from '../dataset.js';
import { contractVersion } from '../contract-version.js';
import { buildColumns } from './build-columns.js';
import { buildDerive } from './build-derive.js';
import { buildTests } from './build-tests.js';
import { isZone, resolveColumn, type CheckContext, type KnownColumns } from './check-context.js';
import { parseDuration, parseShare, parseSize } from './quantities.js';
import type { DatasetEntry } from './source-schema.js';

const DEFAULT_FLUSH = { seconds: 1, rows: 50_000, bytes: 32_000_000 };
const DEFAULT_MAX_DELETE = 0.5;

const WATERMARK_KEYS = ['lag', 'horizon_connection', 'max_reread_rows', 'sweep'] as const;

const MODES: Readonly<Record<Source['kind'], readonly Capture['mode'][]>> = {
  postgres: ['full', 'watermark', 'log'],
  http: ['full', 'watermark'],
  zoom: ['full', 'watermark', 'events'],
  logs: ['events'],
};

/** A dataset from its entry, every default filled. Faults go to the context; with any, the result is not to be used. */
export function buildDataset(context: CheckContext, source: string): Dataset {
  const { entry, kind, dataset: name } = context;
  const columns = buildColumns(context);
  const known: KnownColumns = { columns, open: kind === 'postgres' };
  const capture = buildCapture(context, known);
  const zone = entry.zone ?? 'UTC';
  if (!isZone(zone)) context.fault(['zone'], 'unknown-zone', `"${zone}" is not an IANA time zone`);
  const { key, keyForm } = buildKey(context, known, capture);
  const history = entry.history ?? 'none';
  if (history === 'scd2' && key.length === 0) {
    context.fault(['history'], 'history-key', 'history needs a key: versions of a row are told by it');
  }
  const drop = buildDrop(context);
  const body = {
    name,
    source,
    kind,
    ...(entry.description === undefined ? {} : { description: entry.description }),
    ...(entry.from === undefined ? {} : { from: entry.from }),
    capture,
    key,
    keyForm,
    history,
    zone,
    contract: buildContract(entry),
    flush: {
      seconds: entry.flush?.seconds ?? DEFAULT_FLUSH.seconds,
      rows: entry.flush?.rows ?? DEFAULT_FLUSH.rows,
      bytes: parseSize(entry.flush?.bytes ?? '') ?? DEFAULT_FLUSH.bytes,
    },
    columns,
    derive: buildDerive(context, known),
    tests: buildTests(context, known),
    maxDelete: parseShare(entry.max_delete ?? '') ?? DEFAULT_MAX_DELETE,
    ...(drop === undefined ? {} : { drop }),
  };
  return { ...body, version: contractVersion(body) };
}

function buildContract({ contract }: DatasetEntry): Dataset['contract'] {
  return {
    tables: contract?.tables ?? 'evolve',
    columns: contract?.columns ?? 'evolve',
    types: contract?.types ?? 'quarantine',
  };
}

function buildCapture(context: CheckContext, known: KnownColumns): Capture {
  const { capture } = context.entry;
  const allowed = MODES[context.kind];
  const mode = capture?.mode ?? (context.kind === 'postgres' ? undefined : allowed[0]);
  if (mode === undefined) {
    context.faultAtKey(['capture'], 'capture-mode', `say how ${context.dataset} is captured: ${allowed.join(', ')}`);
    return { mode: 'full' };
  }
  if (!allowed.includes(mode)) {
    const message = `a source of kind ${context.kind} is captured by ${allowed.join(', ')}, not ${mode}`;
    context.fault(['capture', 'mode'], 'capture-mode', message);
  }
  if (mode !== 'watermark') {
    if (capture?.cursor !== undefined) {
      context.faultAtKey(['capture', 'cursor'], 'capture-cursor', `mode ${mode} has no cursor`);
    }
    for (const key of WATERMARK_KEYS) {
      if (capture?.[key] === undefined) continue;
      context.faultAtKey(['capture', key], 'capture-option', `${key} is an option of mode watermark, not of ${mode}`);
    }
    return { mode };
  }
  if (capture?.cursor === undefined) {
    context.fault(['capture'], 'capture-cursor', 'mode watermark needs a cursor: the column that only grows');
    return { mode, cursor: '' };
  }
  const cursor = resolveColumn(context, known, ['capture', 'cursor'], capture.cursor);
  const lagSeconds = parseDuration(capture.lag ?? '');
  const sweepSeconds = parseDuration(capture.sweep ?? '');
  if (lagSeconds !== undefined && capture.horizon_connection !== undefined) {
    const message = 'lag and horizon_connection exclude each other: the horizon says what lag only guesses';
    context.faultAtKey(['capture', 'lag'], 'capture-option', message);
  }
  return {
    mode,
    cursor: cursor ?? capture.cursor,
    ...(lagSeconds !== undefined && { lagSeconds }),
    ...(capture.horizon_connection !== undefined && { horizonConnection: capture.horizon_connection }),
    ...(capture.max_reread_rows !== undefined && { maxRereadRows: capture.max_reread_rows }),
    ...(sweepSeconds !== undefined && { sweepSeconds }),
  };
}

function buildKey(
  context: CheckContext,
  known: KnownColumns,
  capture: Capture,
): { readonly key: readonly string[]; readonly keyForm: Dataset['keyForm'] } {
  const { key } = context.entry;
  const hashed = key !== undefined && !Array.isArray(key);
  const texts = key === undefined ? [] : hashed ? key.hash : key;
  const names: string[] = [];
  texts.forEach((text, at) => {
    const path = hashed ? ['key', 'hash', at] : ['key', at];
    const name = resolveColumn(context, known, path, text);
    if (name === undefined) return;
    if (names.includes(name)) context.fault(path, 'key-twice', `${name} stands twice in the key`);
    const pii = known.columns.find((column) => column.name === name)?.pii;
    if (pii === 'drop' || pii === 'mask') {
      context.fault(path, 'policy-hides', `policy ${pii} leaves nothing of ${name} to tell rows apart`);
    }
    names.push(name);
  });
  // Without a key, a database's log tells rows apart by `_position`, everything else by a hash of all columns.
  const byPosition = texts.length === 0 && capture.mode === 'log';
  return { key: names, keyForm: hashed || (texts.length === 0 && !byPosition) ? 'hash' : 'columns' };
}

function buildDrop(context: CheckContext): Dataset['drop'] {
  const { drop } = context.entry;
  if (drop === undefined) return undefined;
  if (context.kind !== 'logs') {
    context.faultAtKey(['drop'], 'drop-kind', `files are dropped for sources of kind logs, not ${context.kind}`);
  }
  return {
    prefix: drop.prefix,
    format: drop.format ?? 'auto',
    delimiter: drop.delimiter ?? 'auto',
    ...(drop.header === undefined ? {} : { header: drop.header }),
  };
}

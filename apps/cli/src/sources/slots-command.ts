import { loadCatalog, type Source } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { connectSource, formatLsn, readSlot, type SlotState } from '@rollcall/source-postgres';
import type { CliContext } from '../cli-context.js';
import type { SlotsOptions } from '../commands/source-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { humanBytes } from '../screen/text-table.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printRows } from '../waiting/print-rows.js';
import { sourceUrl } from './source-url.js';

/** A slot that the catalog asks for, as its database has it. */
interface FoundSlot {
  readonly source: string;
  readonly slot: string;
  readonly datasets: readonly string[];
  readonly state?: Omit<SlotState, 'confirmedLsn' | 'restartLsn' | 'lagBytes' | 'retainedBytes'> & {
    readonly confirmedLsn: string | null;
    readonly lagBytes: number | null;
    readonly retainedBytes: number | null;
  };
  /** Why nothing is known of it. */
  readonly unreachable?: string;
}

const HEADS = [
  { title: 'source' },
  { title: 'slot' },
  { title: 'streamed by' },
  { title: 'confirmed' },
  { title: 'behind', align: 'right' },
  { title: 'WAL kept', align: 'right' },
  { title: 'state' },
] as const;

/** `rollcall slots`. Exit 1 when a slot is missing, lost or its database does not answer. */
export async function runSlots(opened: OpenedSettings, options: SlotsOptions, context: CliContext): Promise<ExitCode> {
  const sources = chosenSources((await loadCatalog(opened.catalogDir)).sources, options.args[0]);
  const found = await Promise.all(sources.map((source) => lookAt(opened, source)));
  printRows(context, found, options.json, HEADS, ({ source, slot, state, unreachable }) => [
    source,
    slot,
    state === undefined ? '' : state.activePid === null ? 'nobody' : `pid ${state.activePid}`,
    state?.confirmedLsn ?? '',
    bytesText(state?.lagBytes),
    bytesText(state?.retainedBytes),
    unreachable ?? verdictOf(state),
  ]);
  if (sources.length === 0) context.err.line('no dataset of the catalog is captured by log');
  return found.every(({ state }) => state !== undefined && isWell(state)) ? EXIT.ok : EXIT.findings;
}

function chosenSources(all: readonly Source[], name: string | undefined): readonly Source[] {
  const logs = all.filter(({ datasets }) => datasets.some(({ capture }) => capture.mode === 'log'));
  if (name === undefined) return logs;
  const chosen = logs.filter(({ source }) => source === name);
  if (chosen.length > 0) return chosen;
  const known = logs.map(({ source }) => source).join(', ');
  throw new RollcallError(
    'config/invalid',
    `${name} is no source with a dataset that is captured by log; there is ${known === '' ? 'none' : known}`,
  );
}

async function lookAt(opened: OpenedSettings, source: Source): Promise<FoundSlot> {
  const slot = source.log?.slot ?? '';
  const datasets = source.datasets.filter(({ capture }) => capture.mode === 'log').map(({ name }) => name);
  const named = { source: source.source, slot, datasets };
  try {
    const client = await connectSource(await sourceUrl(opened, source), { applicationName: 'rollcall slots' });
    try {
      const state = await readSlot(client, slot);
      return state === undefined ? named : { ...named, state: shown(state) };
    } finally {
      await client.end();
    }
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    return { ...named, unreachable: error.message };
  }
}

function shown({
  confirmedLsn,
  restartLsn: _,
  lagBytes,
  retainedBytes,
  ...rest
}: SlotState): NonNullable<FoundSlot['state']> {
  return {
    ...rest,
    confirmedLsn: confirmedLsn === null ? null : formatLsn(confirmedLsn),
    lagBytes: lagBytes === null ? null : Number(lagBytes),
    retainedBytes: retainedBytes === null ? null : Number(retainedBytes),
  };
}

function isWell({ walStatus, invalidation }: NonNullable<FoundSlot['state']>): boolean {
  return walStatus !== 'lost' && walStatus !== 'unreserved' && invalidation === null;
}

function verdictOf(state: FoundSlot['state']): string {
  if (state === undefined) return 'there is none: the extractor makes it at its start';
  if (state.invalidation !== null) return `invalid: ${state.invalidation}`;
  return state.walStatus ?? 'unknown';
}

function bytesText(bytes: number | null | undefined): string {
  return bytes === null || bytes === undefined ? '' : humanBytes(bytes);
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { benchBus } from './bus-to-raw.ts';
import { benchDrop } from './drop-to-raw.ts';
import { benchCdc } from './cdc-flow.ts';
import { benchPostgres } from './postgres-to-warehouse.ts';
import { benchReaders } from './report-readers.ts';

/** One line of the report: a rate against its limit, measured in the same run. */
export interface Figure {
  /** Under which the committed figure stands, where a benchmark has several; absent: the benchmark's. */
  readonly id?: string;
  readonly name: string;
  /** What the yardstick or the limit is, in words. */
  readonly against: string;
  readonly value: number;
  readonly atLeast: number;
  readonly aim: number;
  readonly notes: readonly string[];
}

/** A run may lose this share of the committed figure before it counts as a loss: machines are noisy. */
const TOLERATED_LOSS = 0.2;

const wanted = process.argv.slice(2);
const benches: Readonly<Record<string, () => Promise<Figure | readonly Figure[]>>> = {
  drop: () => benchDrop(),
  bus: () => benchBus(),
  readers: () => benchReaders(),
  postgres: () => benchPostgres(),
  cdc: () => benchCdc(),
};
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}

const committed = JSON.parse(await readFile(join(import.meta.dirname, 'figures.json'), 'utf8')) as Record<
  string,
  number
>;
let failed = false;
for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const figure of [await bench()].flat()) report(figure, committed[figure.id ?? name]);
}
process.exitCode = failed ? 1 : 0;

function report(figure: Figure, before: number | undefined): void {
  const floor = Math.max(figure.atLeast, (before ?? 0) * (1 - TOLERATED_LOSS));
  const held = figure.value >= floor;
  failed ||= !held;
  console.log(`${held ? 'ok  ' : 'LOST'} ${figure.name}: ${round(figure.value)} of ${figure.against}`);
  console.log(`     at least ${figure.atLeast}, aim ${figure.aim}, committed ${before ?? 'nothing yet'}`);
  for (const note of figure.notes) console.log(`     ${note}`);
}

function round(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(2);
}

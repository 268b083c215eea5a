import { spawnApp } from '@rollcall/testkit';
import type { Figure } from './bench.ts';
import { openBenchStage, ROWS_IN } from './bench-stage.ts';

const EVENTS = 1_000_000;

interface Tally {
  readonly sent: number;
  readonly distinctIds: number;
  readonly malformed: number;
}

/** A million app events, one a message, that wait on the bus: from the start of the services until the last one is committed in raw. */
export async function benchBus(): Promise<Figure> {
  await using stage = await openBenchStage();
  const { platform } = stage;
  const sender = spawnApp({
    app: 'simulator',
    args: [
      'events',
      '--total',
      String(EVENTS),
      '--rate',
      '50000',
      '--duplicates',
      '1%',
      '--dirty',
      '0.1%',
      '--seed',
      'bench',
    ],
    env: platform.env,
  });
  const { code } = await sender.exited;
  const line = sender.lines.findLast((text) => text.includes('"distinctIds"'));
  if (code !== 0 || !line)
    throw new Error(`the simulator ended with ${String(code)}:\n${sender.lines.slice(-20).join('\n')}`);
  const tally = JSON.parse(line) as Tally;

  await platform.start('warehouse-loader');
  const started = performance.now();
  await platform.start('ingest-logs');
  // Cheap to ask for while it runs: what committed loads account for, in both lanes.
  await stage.reaches(ROWS_IN('app_events'), tally.distinctIds + tally.malformed);
  await stage.reaches('SELECT count(*) AS n FROM raw.app_events', tally.distinctIds);
  const seconds = (performance.now() - started) / 1000;
  await stage.reaches(`SELECT count(*) AS n FROM ops.quarantine WHERE dataset = 'app_events'`, tally.malformed);
  const rows = await stage.count('SELECT count(*) AS n FROM raw.app_events');
  const quarantined = await stage.count(`SELECT count(*) AS n FROM ops.quarantine WHERE dataset = 'app_events'`);
  if (rows !== tally.distinctIds) throw new Error(`${rows} rows in raw.app_events, ${tally.distinctIds} ids sent`);
  if (quarantined !== tally.malformed)
    throw new Error(`${quarantined} in quarantine, ${tally.malformed} malformed sent`);
  return {
    name: 'bus -> raw, one event per message',
    against: 'events/s',
    value: tally.sent / seconds,
    atLeast: 20_000,
    aim: 60_000,
    notes: [
      `${tally.sent} messages, ${tally.distinctIds} ids, ${tally.malformed} malformed: all accounted for in ${seconds.toFixed(1)} s`,
      `peak memory: ingest-logs ${await stage.peakMiB('ingest-logs')} MiB, warehouse-loader ${await stage.peakMiB('warehouse-loader')} MiB`,
    ],
  };
}

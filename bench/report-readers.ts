import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReportList } from '@rollcall/reports/shown';
import { spawnApp, type AppProcess } from '@rollcall/testkit';
import { Agent, request } from 'node:http';
import type { Figure } from './bench.ts';
import { openBenchStage, ROWS_IN, type BenchStage } from './bench-stage.ts';
import { firstPaint } from './first-paint.ts';

const ROWS = 1_000_000;
const READERS = 50;
const EVENTS_PER_SECOND = 1_000;
const SECONDS = 60;
const LIMIT_MS = 100;

/** What a page asks for, after each refresh; as many different ones as readers who look at different things. */
const ASKED = [
  '/api/v1/reports/daily_events_by_platform',
  '/api/v1/reports/daily_events_by_platform/rows?limit=50',
  '/api/v1/reports/daily_events_by_platform/rows?limit=50&platform=ios',
  '/api/v1/reports/daily_events_by_platform/rows?limit=50&event=submission_success&sort=-events',
  '/api/v1/reports/daily_events_by_platform/tiles',
  '/api/v1/reports/daily_events_by_platform/charts/daily?width=900',
  '/api/v1/reports/sessions_per_user_month/rows?limit=50',
  '/api/v1/reports/answers_per_session/rows?limit=50&sort=-first_at',
];

/**
 * A million events and a million answers; events flow on at 1,000/s, and whenever the report on them is refreshed, 50 readers ask at
 * once, each for something of a page. How far below 100 ms the slowest of 20 answers stays.
 */
export async function benchReaders(): Promise<Figure> {
  await using stage = await openBenchStage();
  const { platform } = stage;
  await Promise.all([platform.start('warehouse-loader'), platform.start('ingest-logs')]);
  await fill(stage);
  await platform.start('reporting');
  const url = platform.reportingUrl;
  await filled(url);
  // Cold after a refresh, not after a start: every question was asked before.
  for (const path of ASKED) await (await fetch(url + path)).arrayBuffer();
  await using flow = spawnApp({
    app: 'simulator',
    args: ['events', '--rate', String(EVENTS_PER_SECOND), '--for', `${SECONDS + 30}s`, '--seed', 'flow'],
    env: platform.env,
  });
  const { latencies, refreshes } = await readWhileRefreshed(url, flow);
  // The paint is of a machine that does nothing else.
  await flow.stop();
  const paint = await firstPaint(`${url}/reports/daily_events_by_platform`);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(latencies, share));
  return {
    name: `report API, ${READERS} readers cold after each refresh, ${EVENTS_PER_SECOND} events/s flowing`,
    against: `${LIMIT_MS} ms at p95 (2.00: half of it)`,
    value: LIMIT_MS / (p95 ?? Number.POSITIVE_INFINITY),
    atLeast: 1,
    aim: 4,
    notes: [
      `${latencies.length} answers after ${refreshes} refreshes: p50 ${ms(p50)}, p95 ${ms(p95)}, p99 ${ms(p99)}, slowest ${ms(Math.max(...latencies))}`,
      `${await stage.count('SELECT count(*) AS n FROM raw.app_events')} events, ${await stage.count('SELECT count(*) AS n FROM raw.answers')} answers`,
      `first paint of a page in a browser that knows nothing of it: ${ms(paint)} of 1,000 ms`,
      `peak memory: reporting ${await stage.peakMiB('reporting')} MiB`,
    ],
  };
}

async function fill(stage: BenchStage): Promise<void> {
  const { platform } = stage;
  await mkdir(join(platform.dropsDir, 'answers'), { recursive: true });
  const answers = ['answers', '--rows', String(ROWS), '--files', '4', '--over', '365d', '--seed', 'bench'];
  const events = ['events', '--total', String(ROWS), '--rate', 'max', '--over', '30d', '--seed', 'bench'];
  for (const args of [answers, events]) {
    await using app = spawnApp({ app: 'simulator', args, env: platform.env });
    const { code } = await app.exited;
    if (code !== 0) throw new Error(`simulator ${args[0]} ended with ${String(code)}:\n${app.lines.join('\n')}`);
  }
  await stage.reaches(ROWS_IN('app_events'), ROWS);
  await stage.reaches(ROWS_IN('answers'), ROWS * 0.98);
}

async function filled(url: string): Promise<void> {
  for (let tries = 0; tries < 600; tries += 1) {
    const { reports } = (await (await fetch(`${url}/api/v1/reports`)).json()) as ReportList;
    if (reports.length === 3 && reports.every((report) => report.rows > 0)) return;
    await delay(200);
  }
  throw new Error('the reports were not filled within two minutes');
}

interface Readings {
  readonly latencies: readonly number[];
  readonly refreshes: number;
}

/** Listens as a page does; each refresh sends every reader off at once. */
async function readWhileRefreshed(url: string, flow: AppProcess): Promise<Readings> {
  const agent = new Agent({ keepAlive: true, maxSockets: READERS });
  const latencies: number[] = [];
  let refreshes = 0;
  const asking: Promise<unknown>[] = [];
  const listening = new AbortController();
  const end = performance.now() + SECONDS * 1000;
  const live = await fetch(`${url}/api/v1/live`, { signal: listening.signal });
  if (live.body === null) throw new Error('no live stream');
  const decoder = new TextDecoder();
  for await (const chunk of live.body) {
    if (/event: ?refreshed/.test(decoder.decode(chunk, { stream: true }))) {
      refreshes += 1;
      for (let reader = 0; reader < READERS; reader += 1) {
        const path = ASKED[reader % ASKED.length] ?? '';
        asking.push(timed(agent, url + path).then((took) => latencies.push(took)));
      }
    }
    if (performance.now() > end || (await ended(flow))) break;
  }
  listening.abort();
  await Promise.all(asking);
  agent.destroy();
  if (refreshes === 0) throw new Error('nothing was refreshed');
  return { latencies, refreshes };
}

async function ended(app: AppProcess): Promise<boolean> {
  return (await Promise.race([app.exited, Promise.resolve(undefined)])) !== undefined;
}

/** Milliseconds until the whole answer is there. */
function timed(agent: Agent, url: string): Promise<number> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent, headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      answer.once('error', reject);
      answer.once('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - started);
        else reject(new Error(`${url} answered ${String(answer.statusCode)}`));
      });
      answer.resume();
    });
    asked.once('error', reject);
    asked.end();
  });
}

function quantile(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

function ms(value: number | undefined): string {
  return `${(value ?? Number.NaN).toFixed(1)} ms`;
}

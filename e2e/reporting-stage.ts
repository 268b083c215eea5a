import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { appEvents } from '@rollcall/contracts';
import type { ReportDescription, ReportList, Row, RowsAnswer } from '@rollcall/reports/shown';
import { spawnApp, until } from '@rollcall/testkit';
import { openStage, startBoth, type Stage } from './stage.js';
import { sendEvents, type EventTally } from './traffic.js';
import { answersOf, type TrueAnswer } from './truth/answers-truth.js';
import type { TrueEvent } from './truth/events-truth.js';
import { sentEvents } from './truth/sent-events.js';

const WEEK_MS = 7 * 86_400_000;

/** A stage with the reporting service on it, and what was put in, read back from where it was put. */
export interface ReportingStage extends AsyncDisposable {
  readonly stage: Stage;
  /** Of the reporting service. */
  readonly url: string;
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  json<T>(path: string): Promise<T>;
  describe(report: string): Promise<ReportDescription>;
  /** All rows that match, page by page. `query` holds filters and sort: `mode=~all&sort=session_id`. */
  rows(report: string, query?: string): Promise<readonly Row[]>;
  /** Every answer of the dropped logs, once. */
  answers(): Promise<readonly TrueAnswer[]>;
  /** Every event of `app_events` on the bus. */
  events(): Promise<readonly TrueEvent[]>;
  /** Waits until a report has exactly so many rows. */
  filled(report: string, rows: number): Promise<void>;
}

/** @param env settings of the reporting service on top */
export async function openReportingStage(env: Readonly<Record<string, string>> = {}): Promise<ReportingStage> {
  const stage = await openStage();
  try {
    await startBoth(stage);
    await stage.platform.start('reporting', env);
  } catch (error) {
    await stage[Symbol.asyncDispose]();
    throw error;
  }
  const url = stage.platform.reportingUrl;

  async function get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(new URL(path, url), { headers });
  }
  async function json<T>(path: string): Promise<T> {
    const response = await get(path);
    const text = await response.text();
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  }

  return {
    stage,
    url,
    get,
    json,
    describe: (report) => json(`/api/v1/reports/${report}`),
    async rows(report, query = '') {
      const rows: Row[] = [];
      let next: string | null = null;
      do {
        const after: string = next === null ? '' : `&after=${encodeURIComponent(next)}`;
        const answer: RowsAnswer = await json(`/api/v1/reports/${report}/rows?limit=1000&${query}${after}`);
        rows.push(...answer.rows);
        next = answer.next;
      } while (next !== null);
      return rows;
    },
    async answers() {
      const folder = join(stage.platform.dropsDir, 'answers');
      const names = (await readdir(folder)).filter((name) => name.endsWith('.csv'));
      return answersOf(await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8'))));
    },
    async events() {
      const { subject, stream } = appEvents('app_events');
      return sentEvents(stage.nats.url, stream, subject);
    },
    async filled(report, rows) {
      let seen = -1;
      await until(
        async () => {
          const { reports } = await json<ReportList>('/api/v1/reports');
          seen = reports.find((one) => one.report === report)?.rows ?? -1;
          return seen === rows;
        },
        { what: `${rows} rows in ${report}`, timeoutMs: 60_000, everyMs: 200 },
      ).catch((cause: unknown) => {
        const log = stage.platform.service('reporting').lines.slice(-20).join('\n');
        throw new Error(`saw ${seen} rows in ${report}, wanted ${rows}\n${log}`, { cause });
      });
    },
    [Symbol.asyncDispose]: () => stage[Symbol.asyncDispose](),
  };
}

/** A term of answers in four files and two weeks of app events, some repeated, some broken: a small demo. */
export async function sendDemo(demo: ReportingStage, seed: string): Promise<EventTally> {
  const { stage } = demo;
  await mkdir(join(stage.platform.dropsDir, 'answers'), { recursive: true });
  const log = ['answers', '--rows', '6000', '--files', '4', '--over', '150d', '--seed', seed];
  await using app = spawnApp({ app: 'simulator', args: log, env: stage.platform.env });
  const { code } = await app.exited;
  if (code !== 0) throw new Error(`the simulator ended with ${String(code)}:\n${app.lines.join('\n')}`);
  await stage.reaches('FROM analytics.answers', (await demo.answers()).length);
  const firstAt = new Date(Date.now() - 2 * WEEK_MS).toISOString();
  const tally = await sendEvents(stage.platform, [
    ...['--total', '3000', '--rate', 'max', '--over', '14d', '--first-at', firstAt],
    ...['--duplicates', '1%', '--dirty', '0.3%', '--seed', seed],
  ]);
  await stage.reaches('FROM raw.app_events', tally.distinctIds);
  await stage.settled();
  return tally;
}

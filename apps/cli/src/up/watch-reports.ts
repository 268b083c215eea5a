import type { ReportList } from '@rollcall/reports/shown';

export interface WatchReportsOptions {
  /** What reporting says now; undefined: it does not answer. */
  readonly look: () => Promise<ReportList | undefined>;
  /** Whether there must be rows: the demo is there. */
  readonly filled: boolean;
  readonly progress: (text: string) => void;
  /** Given up when nothing moved for so long. */
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

const EVERY_MS = 400;
/** Longer than the time in which refreshes are drawn together: what stood still for so long has caught up. */
const REST_MS = 2_500;

/** Waits until every report is as it must be and at rest, and gives the last look; also when that does not come about. */
export async function watchReports(options: WatchReportsOptions): Promise<ReportList | undefined> {
  let seen: string | undefined;
  let movedMs = options.nowMs();
  for (;;) {
    const list = await options.look();
    const now = stateOf(list);
    if (now !== seen) {
      seen = now;
      movedMs = options.nowMs();
    }
    const still = options.nowMs() - movedMs;
    const good = list !== undefined && reportFaults(list, options.filled).length === 0;
    if (options.stop.aborted || still > options.patienceMs || (good && (still >= REST_MS || !options.filled)))
      return list;
    options.progress(progressText(list, options.filled));
    await options.wait(EVERY_MS);
  }
}

/** What is not as it must be, in sentences. */
export function reportFaults(list: ReportList | undefined, filled: boolean): readonly string[] {
  if (list === undefined) return ['reporting does not say what it serves'];
  const broken = list.broken.map(
    ({ report, faults }) => `report ${report} is not served: ${faults[0] ?? 'why is not known'}`,
  );
  const served = list.reports.flatMap((summary) => {
    const { report, rows, health, faults } = summary;
    if (faults[0] !== undefined) return [`report ${report} is served as it was before its last edit: ${faults[0]}`];
    if (!filled) return [];
    if (rows === 0) return [`report ${report} has no row`];
    return health === 'healthy' ? [] : [`report ${report} is ${health}: ${whyNotHealthy(summary)}`];
  });
  const none = filled && list.reports.length === 0 && broken.length === 0 ? ['there is no report'] : [];
  return [...broken, ...served, ...none];
}

function whyNotHealthy({ heldBack, tests, freshness }: ReportList['reports'][number]): string {
  if (heldBack !== null) return `the last good state is served, ${heldBack.reason}`;
  const failed = tests.filter(({ passed }) => !passed).map(({ name }) => name);
  return failed.length > 0 ? `tests failed: ${failed.join(', ')}` : `its data is ${freshness.state}`;
}

function stateOf(list: ReportList | undefined): string {
  return (list?.reports ?? []).map(({ report, refreshId, health }) => `${report} ${refreshId} ${health}`).join('\n');
}

function progressText(list: ReportList | undefined, filled: boolean): string {
  if (list === undefined) return 'waiting for the reports';
  const ready = list.reports.filter(({ rows, health }) => !filled || (rows > 0 && health === 'healthy'));
  return `${ready.length} of ${list.reports.length + list.broken.length} reports are filled`;
}

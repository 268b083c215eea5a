import type { ReportList } from '@rollcall/reports/shown';

/** What reporting serves and what the warehouse has. */
export interface ReportsSeen {
  /** undefined: reporting does not answer. */
  readonly list: ReportList | undefined;
  /** Reports whose rows do not show the last load of each of their datasets. */
  readonly behind: readonly string[];
}

export interface WatchReportsOptions {
  readonly look: () => Promise<ReportsSeen>;
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

/** Waits until every report is as it must be and shows the last load, and gives the last list; also when that does not come about. */
export async function watchReports(options: WatchReportsOptions): Promise<ReportList | undefined> {
  let seen: string | undefined;
  let movedMs = options.nowMs();
  for (;;) {
    const { list, behind } = await options.look();
    const now = stateOf(list);
    if (now !== seen) {
      seen = now;
      movedMs = options.nowMs();
    }
    const still = options.nowMs() - movedMs;
    const waiting = waitingFor(list, behind, options.filled);
    if (waiting === undefined || still > options.patienceMs || options.stop.aborted) return list;
    options.progress(waiting);
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

/** What there is still to wait for; undefined: nothing. */
function waitingFor(list: ReportList | undefined, behind: readonly string[], filled: boolean): string | undefined {
  if (list === undefined) return 'waiting for the reports';
  if (reportFaults(list, filled).length === 0 && (!filled || behind.length === 0)) return undefined;
  const ready = list.reports.filter(
    ({ report, rows, health }) => !filled || (rows > 0 && health === 'healthy' && !behind.includes(report)),
  );
  return `${ready.length} of ${list.reports.length + list.broken.length} reports are filled`;
}

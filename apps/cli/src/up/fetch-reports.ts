import type { ReportList } from '@rollcall/reports/shown';

const ANSWER_MS = 5_000;

/** What the reporting service at this address serves; undefined when it does not say. */
export async function fetchReports(address: string): Promise<ReportList | undefined> {
  try {
    const answer = await fetch(`${address}/api/v1/reports`, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? ((await answer.json()) as ReportList) : undefined;
  } catch {
    return undefined;
  }
}

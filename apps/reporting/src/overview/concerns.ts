import { HOPS } from './broker-facts.js';
import type { OverviewAnswer, ReportSummary } from '@rollcall/reports/shown';
import type { OverviewFacts } from './assemble-overview.js';
import { counted, spanInWords } from './words.js';

type Concern = OverviewAnswer['concerns'][number];

/** What needs somebody, each sentence with the way out. In the order of the platform; the caller sorts by how bad it is. */
export function concernsOf(facts: OverviewFacts, datasets: OverviewAnswer['datasets']): readonly Concern[] {
  return [
    ...brokerConcerns(facts),
    ...datasets.flatMap((dataset) => datasetConcerns(facts, dataset)),
    ...runConcerns(facts),
    ...facts.broken.map(({ report, faults }): Concern => ({
      health: 'degraded',
      text: `${report} cannot be served: ${faults[0] ?? 'its folder is faulty'}. Mend it; \`rollcall report check ${report}\` lists every fault.`,
      href: reportHref(report),
    })),
    ...facts.reports.flatMap((report) => reportConcerns(facts, report)),
  ];
}

function brokerConcerns({ broker }: OverviewFacts): readonly Concern[] {
  if (broker.kind === 'away') return [{ health: 'degraded', text: broker.why }];
  const late = HOPS.flatMap(({ hop, label, concernAbove, takenBy }): Concern[] => {
    const waiting = broker.lag.find((one) => one.hop === hop)?.waiting ?? 0;
    if (waiting <= concernAbove) return [];
    const text = `${label}: ${counted(waiting, 'message')} wait. Look whether ${takenBy} runs and what its log says.`;
    return [{ health: 'warning', text }];
  });
  if (broker.deadLetters === 0) return late;
  const text = `${counted(broker.deadLetters, 'dead letter')}: \`rollcall dead list\` says why, \`rollcall dead replay\` sends what was mended.`;
  return [...late, { health: 'warning', text }];
}

function datasetConcerns(facts: OverviewFacts, dataset: OverviewAnswer['datasets'][number]): readonly Concern[] {
  const { dataset: name, source, newestExtractAt, quarantined, held } = dataset;
  const href = `/quarantine?dataset=${encodeURIComponent(name)}`;
  const concerns: Concern[] = [];
  if (dataset.freshness === 'stale') {
    const text = `${name}: the newest record came ${ageOf(newestExtractAt, facts.nowMs)} ago, longer than its contract allows. Look for what should deliver ${source}.`;
    concerns.push({ health: 'degraded', text });
  }
  if (quarantined > 0) {
    const text = `${name}: ${counted(quarantined, 'record')} in quarantine, not in the numbers: \`rollcall quarantine list --dataset ${name}\`.`;
    concerns.push({ health: 'warning', text, href });
  }
  if (held > 0) {
    const text = `${name}: ${counted(held, 'deletion')} of many rows held until somebody looks: \`rollcall held list --dataset ${name}\`.`;
    concerns.push({ health: 'warning', text, href });
  }
  return concerns;
}

/** Of each source the last run counts: a later good one mends an earlier failure. */
function runConcerns({ runs, catalog }: OverviewFacts): readonly Concern[] {
  return catalog.sources.flatMap(({ source }): Concern[] => {
    const last = runs.find((run) => run.source === source);
    if (last?.verdict !== 'failed') return [];
    const why = last.code === null ? '' : ` (${last.code})`;
    return [
      { health: 'degraded', text: `${source}: the last run failed${why}. Look at run ${last.runId}.`, href: '/runs' },
    ];
  });
}

function reportConcerns({ nowMs }: OverviewFacts, report: ReportSummary): readonly Concern[] {
  const { report: name, heldBack, faults, freshness, asOf } = report;
  const href = reportHref(name);
  const concerns: Concern[] = [];
  if (heldBack) {
    const text = `${name} serves its last good state, ${ageOf(heldBack.since, nowMs)} old: ${sentence(heldBack.reason)}`;
    concerns.push({ health: 'degraded', text, href });
  }
  if (faults.length > 0) {
    const text = `${name}: the newest edit cannot be served, the revision before is: ${faults[0] ?? ''}`;
    concerns.push({ health: 'warning', text, href });
  }
  const failed = report.tests.filter(({ passed }) => !passed);
  // A failed test that holds back is the reason above already.
  if (failed.length > 0 && !heldBack) {
    const names = failed.map((test) => `${test.name} (${counted(test.failures, 'row')})`).join(', ');
    const text = `${name}: its numbers fail ${failed.length === 1 ? 'the test' : 'the tests'} ${names}. Look at the rows the test names.`;
    concerns.push({ health: 'warning', text, href });
  }
  if (freshness.state === 'late' || freshness.state === 'stale') {
    const bound = freshness.state === 'late' ? freshness.warnAfterSeconds : freshness.failAfterSeconds;
    const oldest = freshness.inputs.find((input) => input.asOf === asOf)?.dataset;
    const text = `${name}: its data is ${ageOf(asOf, nowMs)} old, more than ${spanInWords(bound ?? 0)}. Look for what should deliver ${oldest ?? 'its inputs'}.`;
    concerns.push({ health: freshness.state === 'late' ? 'warning' : 'degraded', text, href });
  }
  return concerns;
}

function ageOf(instant: string | null, nowMs: number): string {
  return instant === null ? '' : spanInWords((nowMs - Date.parse(instant)) / 1000);
}

function reportHref(report: string): string {
  return `/reports/${encodeURIComponent(report)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

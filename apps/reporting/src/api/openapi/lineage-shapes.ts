import type {
  ConnectAnswer,
  DictionaryAnswer,
  EvidenceAnswer,
  OverviewAnswer,
  QuarantineAnswer,
  RecordAnswer,
  RunInfo,
} from '@rollcall/reports/shown';
import { z } from 'zod';
import { reportSummary } from './report-shapes.js';
import { cell, columnInfo, envelope, freshnessState, health, row, shapes } from './shared-shapes.js';

export const evidenceAnswer = z
  .strictObject({
    ...envelope.shape,
    grain: row,
    row: row.nullable().describe('The row as it is served; null: there is no such row (any more).'),
    columns: z.array(columnInfo),
    inputs: z.array(
      z.strictObject({
        dataset: z.string(),
        total: z.int(),
        proofs: z
          .array(z.strictObject({ column: z.string(), shown: cell, computed: cell, agrees: z.boolean() }))
          .describe('Numbers of the row computed again from the evidence.'),
        columns: z.array(z.string()),
        rows: z.array(
          z.strictObject({
            values: row,
            batch: z.string(),
            position: z.string(),
            object: z.string().describe('In the lake.'),
            origin: z.string(),
            place: z.string(),
          }),
        ),
        next: z.string().nullable(),
      }),
    ),
  })
  .register(shapes, { id: 'EvidenceAnswer' }) satisfies z.ZodType<EvidenceAnswer>;

export const runInfo = z
  .strictObject({
    runId: z.string(),
    kind: z.string(),
    source: z.string(),
    dataset: z.string().nullable(),
    verdict: z.string(),
    code: z.string().nullable(),
    read: z.int(),
    batches: z.int(),
    rejected: z.int(),
    requestedBy: z.string(),
    startedAt: z.string(),
    finishedAt: z.string(),
    trace: z.string().nullable(),
  })
  .register(shapes, { id: 'RunInfo' }) satisfies z.ZodType<RunInfo>;

export const runsAnswer = z.strictObject({ runs: z.array(runInfo) }).register(shapes, { id: 'RunsAnswer' });

export const recordAnswer = z
  .strictObject({
    dataset: z.string(),
    position: z.string(),
    place: z.string(),
    fields: z.array(
      z.strictObject({
        name: z.string(),
        type: z.string(),
        clean: cell.describe('As served.'),
        raw: cell.describe('As it stands in raw.'),
        lake: cell.describe('As it lies in the lake.'),
        differs: z.boolean(),
      }),
    ),
    superseded: z.boolean(),
    batch: z.strictObject({
      id: z.string(),
      key: z.string(),
      rows: z.int(),
      bytes: z.int(),
      sha256: z.string(),
      contract: z.string(),
      origin: z.string(),
      source: z.string(),
      range: z.record(z.string(), cell),
      extractedAt: z.string(),
      trace: z.string().nullable(),
    }),
    load: z.strictObject({ id: z.string(), loadedAt: z.string(), counts: z.record(z.string(), z.int()) }),
    run: runInfo.nullable(),
  })
  .register(shapes, { id: 'RecordAnswer' }) satisfies z.ZodType<RecordAnswer>;

export const overviewAnswer = z
  .strictObject({
    checkedAt: z.string(),
    health,
    concerns: z.array(z.strictObject({ health, text: z.string(), href: z.string().exactOptional() })),
    sources: z.array(
      z.strictObject({
        source: z.string(),
        kind: z.string(),
        health,
        datasets: z.array(z.string()),
        newestAt: z.string().nullable(),
      }),
    ),
    datasets: z.array(
      z.strictObject({
        dataset: z.string(),
        source: z.string(),
        description: z.string(),
        health,
        lake: z.strictObject({ batches: z.int(), rows: z.int(), bytes: z.int() }),
        rows: z.int(),
        rowsAreEstimated: z.boolean(),
        quarantined: z.int(),
        held: z.int(),
        newestExtractAt: z.string().nullable(),
        lastLoadAt: z.string().nullable(),
        loads: z.array(
          z.strictObject({
            loadId: z.string(),
            loadedAt: z.string(),
            in: z.int(),
            merged: z.int(),
            quarantined: z.int(),
          }),
        ),
        reports: z.array(z.string()),
        freshness: freshnessState,
      }),
    ),
    reports: z.array(reportSummary),
    lag: z
      .array(z.strictObject({ hop: z.string(), label: z.string(), waiting: z.int() }))
      .nullable()
      .describe('Messages waiting per hop; null: the broker does not answer.'),
    deadLetters: z.int().nullable(),
    runs: z.array(runInfo),
  })
  .register(shapes, { id: 'OverviewAnswer' }) satisfies z.ZodType<OverviewAnswer>;

export const quarantineAnswer = z
  .strictObject({
    groups: z.array(
      z.strictObject({
        dataset: z.string(),
        reason: z.string(),
        column: z.string().nullable(),
        open: z.int(),
        last24h: z.int(),
        newestAt: z.string(),
        reports: z.array(z.string()),
      }),
    ),
    total: z.int(),
    entries: z.array(
      z.strictObject({
        id: z.string(),
        dataset: z.string(),
        reason: z.string(),
        column: z.string().nullable(),
        place: z.string(),
        lane: z.string(),
        origin: z.string(),
        batch: z.string(),
        loadedAt: z.string(),
        status: z.string(),
        tries: z.int(),
        sealed: z.boolean(),
      }),
    ),
    next: z.string().nullable(),
    held: z
      .array(
        z.strictObject({
          id: z.string(),
          dataset: z.string(),
          wholeDataset: z.boolean(),
          wouldDelete: z.int(),
          standing: z.int(),
          heldAt: z.string(),
        }),
      )
      .exactOptional()
      .describe('Clears that would delete much of a dataset and wait for an operator.'),
  })
  .register(shapes, { id: 'QuarantineAnswer' }) satisfies z.ZodType<QuarantineAnswer>;

export const dictionaryAnswer = z
  .strictObject({
    reports: z.array(
      z.strictObject({
        report: z.string(),
        title: z.string(),
        description: z.string(),
        owner: z.string(),
        grain: z.array(z.string()),
        columns: z.array(columnInfo),
      }),
    ),
    datasets: z.array(
      z.strictObject({
        dataset: z.string(),
        source: z.string(),
        description: z.string(),
        key: z.array(z.string()),
        columns: z.array(
          z.strictObject({ name: z.string(), type: z.string(), description: z.string(), pii: z.string() }),
        ),
      }),
    ),
  })
  .register(shapes, { id: 'DictionaryAnswer' }) satisfies z.ZodType<DictionaryAnswer>;

export const connectAnswer = z
  .strictObject({
    host: z.string(),
    port: z.int(),
    database: z.string(),
    schema: z.literal('report'),
    view: z.string(),
    user: z.string(),
    url: z.string().describe('Without a password.'),
    odbc: z.string(),
    jdbc: z.string(),
    psql: z.string(),
  })
  .register(shapes, { id: 'ConnectAnswer' }) satisfies z.ZodType<ConnectAnswer>;

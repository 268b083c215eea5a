import type { Cell, ColumnInfo, Envelope, FilterInfo, Problem, Row } from '@rollcall/reports/shown';
import { z } from 'zod';
import { REFUSAL_CODES } from '../../http/refusal.js';

/** Shapes that several answers have parts of. The registry gives them their names in the OpenAPI document. */
export const shapes = z.registry<{ readonly id: string; readonly description?: string }>();

export const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]).register(shapes, {
  id: 'Cell',
  description:
    'int8, decimal and numeric are decimal text; dates YYYY-MM-DD; instants ISO 8601 in UTC with microseconds.',
}) satisfies z.ZodType<Cell>;

export const row = z
  .record(z.string(), cell)
  .register(shapes, { id: 'Row', description: 'By the names of the columns.' }) satisfies z.ZodType<Row>;

export const health = z
  .enum(['healthy', 'warning', 'degraded', 'unknown'])
  .register(shapes, { id: 'Health', description: 'Worst of last run, freshness and tests.' });

export const freshnessState = z.enum(['fresh', 'late', 'stale', 'unbounded', 'empty']);

export const valueFormat = z
  .enum(['text', 'id', 'int', 'num1', 'num2', 'pct1', 'day', 'month', 'week', 'instant', 'bool'])
  .register(shapes, { id: 'ValueFormat', description: 'How a value is shown to people.' });

export const additive = z.enum(['sum', 'none']);
export const good = z.enum(['up', 'down', 'none']);

export const envelope = z
  .strictObject({
    report: z.string(),
    revision: z.int(),
    hash: z.string(),
    refreshId: z.string().describe('Changes with every refresh.'),
    asOf: z.string().nullable().describe('The source data is complete up to here.'),
    computedAt: z.string(),
    health,
    freshness: z.strictObject({
      state: freshnessState,
      warnAfterSeconds: z.number().exactOptional(),
      failAfterSeconds: z.number().exactOptional(),
      inputs: z.array(z.strictObject({ dataset: z.string(), asOf: z.string().nullable(), withheld: z.int() })),
    }),
    withheld: z.int().describe('Records that wait in quarantine or are held: not in the numbers.'),
    tests: z.array(
      z.strictObject({
        name: z.string(),
        severity: z.enum(['hold', 'warn']),
        passed: z.boolean(),
        failures: z.int(),
      }),
    ),
    heldBack: z
      .strictObject({ since: z.string(), reason: z.string() })
      .nullable()
      .describe('Since when the last good state is served instead of a newer one.'),
    faults: z.array(z.string()).describe('Of a newer edit of the folder that cannot be served.'),
  })
  .register(shapes, { id: 'Envelope' }) satisfies z.ZodType<Envelope>;

export const columnInfo = z
  .strictObject({
    name: z.string(),
    type: z.string(),
    label: z.string(),
    description: z.string(),
    unit: z.string().exactOptional(),
    format: valueFormat,
    additive,
    inGrain: z.boolean(),
  })
  .register(shapes, { id: 'ColumnInfo' }) satisfies z.ZodType<ColumnInfo>;

export const filterInfo = z
  .strictObject({
    name: z.string(),
    label: z.string(),
    description: z.string().exactOptional(),
    op: z.enum(['eq', 'in', 'between', 'contains', 'where']),
    column: z.string().exactOptional(),
    type: z.string(),
    required: z.boolean(),
    default: z.array(z.string()),
    options: z
      .array(z.strictObject({ value: z.string().nullable(), label: z.string(), rows: z.int() }))
      .exactOptional(),
    optionsCut: z.boolean().exactOptional(),
    extent: z.strictObject({ min: cell, max: cell }).exactOptional(),
    min: z.number().exactOptional(),
    max: z.number().exactOptional(),
    unit: z.string().exactOptional(),
  })
  .register(shapes, { id: 'FilterInfo' }) satisfies z.ZodType<FilterInfo>;

export const problemShape = z
  .strictObject({
    type: z.string().describe('urn:rollcall:problem:<code>'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('A sentence with the way out.'),
    instance: z.string().describe('The path of the request.'),
    code: z.enum(REFUSAL_CODES).describe('Stable, for programs.'),
    requestId: z.string().describe('Also in the header x-request-id and in the log.'),
    errors: z
      .array(z.strictObject({ parameter: z.string(), detail: z.string() }))
      .exactOptional()
      .describe('One entry per wrong parameter.'),
  })
  .register(shapes, { id: 'Problem', description: 'RFC 9457 problem details.' }) satisfies z.ZodType<Problem>;

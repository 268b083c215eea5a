import { MAX_CHART_WIDTH, MIN_CHART_WIDTH } from '@rollcall/reports/renderer';
import { z } from 'zod';
import { badParameters, type ParameterFault } from '../../http/refusal.js';

/** Parameters of the API itself; filters are the report's. The same schemas check requests and describe them in OpenAPI. */

export const rowsParameters = z.object({
  format: z
    .enum(['json', 'csv', 'parquet'], { message: 'takes json, csv or parquet' })
    .optional()
    .meta({
      description: 'Instead of an Accept header. CSV and Parquet hold all rows, not a page.',
      examples: ['csv'],
    }),
  bom: z
    .enum(['true', 'false'], { message: 'takes true or false' })
    .optional()
    .meta({ description: 'CSV only: begin with a byte order mark, by which Excel knows UTF-8.', examples: ['true'] }),
});

const WIDTH_RANGE = `takes whole pixels from ${MIN_CHART_WIDTH} to ${MAX_CHART_WIDTH}`;

export const chartParameters = z.object({
  theme: z
    .enum(['light', 'dark'], { message: 'takes light or dark' })
    .default('light')
    .meta({ description: 'Colours of the chart.', examples: ['dark'] }),
  width: z
    .string()
    .regex(/^\d{1,5}$/, { message: WIDTH_RANGE })
    .transform(Number)
    .pipe(z.number().min(MIN_CHART_WIDTH, { message: WIDTH_RANGE }).max(MAX_CHART_WIDTH, { message: WIDTH_RANGE }))
    .default(800)
    .meta({ description: `Width in pixels, ${MIN_CHART_WIDTH} to ${MAX_CHART_WIDTH}.`, examples: ['640'] }),
});

export type ChartParameters = z.output<typeof chartParameters>;

export type Parameters = ReadonlyMap<string, readonly string[]>;

export interface TakenParameters<S extends z.ZodObject> {
  readonly own: z.output<S> | undefined;
  /** What the schema does not name. */
  readonly rest: Parameters;
  readonly errors: readonly ParameterFault[];
}

/** Takes the parameters that a schema names out of those of a request; each may be given once. */
export function takeParameters<S extends z.ZodObject>(schema: S, all: Parameters): TakenParameters<S> {
  const given: Record<string, string> = {};
  const errors: ParameterFault[] = [];
  const rest = new Map(all);
  for (const name of Object.keys(schema.shape)) {
    const values = all.get(name);
    rest.delete(name);
    if (values === undefined) continue;
    if (values.length > 1) errors.push({ parameter: name, detail: 'may be given once' });
    else given[name] = values[0] ?? '';
  }
  const parsed = schema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    errors.push({ parameter: String(issue.path[0] ?? ''), detail: issue.message });
  }
  return { own: parsed.data, rest, errors };
}

/** For an address that takes no parameters. Throws Refusal 400. */
export function refuseParameters(all: Parameters): void {
  const errors = [...all.keys()].map((parameter) => ({
    parameter,
    detail: 'is not known here; this address takes none',
  }));
  if (errors.length > 0) throw badParameters(errors);
}

/** Filters only. */
export const noParameters = z.object({});

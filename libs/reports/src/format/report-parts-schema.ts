import { z } from 'zod';

const NAME = /^[a-z][a-z0-9_]{0,49}$/;

/** Names of reports, columns, filters, tiles, charts. */
export const name = z
  .string()
  .regex(NAME, 'expected a name of a-z, 0-9 and _ that begins with a letter, at most 50 long');

const text = z.string().min(1, 'expected a text');
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const format = z
  .enum(['text', 'id', 'int', 'num1', 'num2', 'pct1', 'day', 'month', 'week', 'instant', 'bool'])
  .describe('How the value is shown; by the type when left out');
export const good = z.enum(['up', 'down', 'none']).describe('Which direction is good news; none when left out');

export const columnEntry = z.strictObject({
  type: z.string().describe('text, bool, int4, int8, decimal(p,s), numeric, float8, date or timestamptz'),
  label: text.optional().describe('Stands over the column; made of the name when left out'),
  description: text.describe('What the value means, for who reads it'),
  unit: text.optional().describe('sessions, answers, %'),
  format: format.optional(),
  additive: z
    .enum(['sum', 'none'])
    .optional()
    .describe('sum: may be summed and stacked. none: must not (distinct counts, shares). none when left out'),
  good: good.optional(),
});
export type ColumnEntry = z.output<typeof columnEntry>;

export const filterEntry = z.strictObject({
  op: z
    .enum(['eq', 'in', 'between', 'contains', 'where'])
    .describe('One value, several values, a span, text that contains words, a condition with a number'),
  column: z.string().optional().describe('The column it looks at; where has sql instead'),
  label: text.optional().describe("The column's label when left out"),
  description: text.optional(),
  required: z.boolean().optional().describe('eq: there is always one value; needs a default'),
  default: z
    .union([
      scalar,
      z.array(scalar).min(1, 'expected at least one value'),
      z.strictObject({ from: scalar.optional(), to: scalar.optional() }),
    ])
    .optional()
    .describe('A value, a list of values, last-30 (days), { from, to }'),
  labels: z
    .record(z.string(), text)
    .optional()
    .describe('eq and in: value -> what people read; in the order of the list'),
  sql: z.string().optional().describe('where: a condition over the columns, with `:value` for the number'),
  type: z.string().optional().describe('where: type of the number; numeric when left out'),
  min: z.number().optional().describe('where: the least number'),
  max: z.number().optional().describe('where: the greatest number'),
  unit: text.optional().describe('where: stands behind the number'),
});
export type FilterEntry = z.output<typeof filterEntry>;

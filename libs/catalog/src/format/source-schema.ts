import { z } from 'zod';
import { parseDuration, parseShare, parseSize } from './quantities.js';

// The surface of a catalog file: shapes only. What needs more than one place to judge is checked in check-*.ts.

const duration = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, 'expected a duration such as 2s, 30m, 1h or 7d')
  .meta({ pattern: '^[0-9]+(s|m|h|d)$' });
const size = z
  .string()
  .refine((text) => parseSize(text) !== undefined, 'expected a size such as 500kB, 32MB or 32MiB')
  .meta({ pattern: '^[0-9]+(B|kB|KB|MB|GB|KiB|MiB|GiB)$' });
const share = z
  .string()
  .refine((text) => parseShare(text) !== undefined, 'expected a share such as 50%')
  .meta({ pattern: '^[0-9]{1,3}(\\.[0-9]+)?%$' });

const NAME = /^[a-z][a-z0-9_]{0,62}$/;
const name = z.string().regex(NAME, 'expected a name of a-z, 0-9 and _ that begins with a letter, at most 63 long');
const connection = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'expected the name of an environment variable (A-Z, 0-9, _), never a value');
const replicationName = z.string().regex(/^[a-z0-9_]{1,63}$/, 'expected a name of a-z, 0-9 and _, at most 63 long');
const columnList = z.array(z.string().min(1, 'expected a column')).min(1, 'expected at least one column');
const positive = z.number().positive('expected a number above 0');

const absent = z
  .union([
    z.string(),
    z.number(),
    z.boolean(),
    z.strictObject({
      column: z.string().describe('The column whose text is looked at'),
      matches: z.string().describe('A regular expression: true when it matches, else false'),
    }),
  ])
  .describe('What an absent field means: a value, or a test of another column');

const column = z.strictObject({
  type: z.string().optional().describe('Logical type (docs/types.md); text when left out'),
  from: z
    .union([z.string(), z.array(z.string()).min(1, 'expected at least one field')])
    .optional()
    .describe("Fields of the source that carry it, first match wins; the column's own name comes before them"),
  trim: z.boolean().optional().describe('Take blanks off both ends'),
  lower: z.boolean().optional().describe('Make lower case'),
  pii: z
    .enum(['keep', 'hash', 'pbkdf2', 'mask', 'drop'])
    .optional()
    .describe('What reaches the lake: the value, a keyed hash, a slow keyed hash, ***, nothing'),
  absent: absent.optional(),
  description: z.string().optional(),
});
export type ColumnEntry = z.output<typeof column>;

const sessions = z.strictObject({
  into: name.optional().describe('The table in analytics; <dataset>_session when left out'),
  column: name
    .optional()
    .describe("The column of analytics.<dataset> that shows the session's id; session_id when left out"),
  by: z.string().describe('Rows with the same value can share a session'),
  at: z.string().describe('When a row happened'),
  mode: z.enum(['gap', 'half_day']).optional().describe('gap when left out'),
  gap: duration.optional().describe('A pause longer than this ends a session; 30m when left out'),
  morning_until: z
    .int()
    .min(1)
    .max(23)
    .optional()
    .describe('First hour of the afternoon, in the zone; 13 when left out'),
  count: name.optional().describe('Name of the row count; rows when left out'),
  distinct: z.record(name, z.string()).optional().describe('Distinct counts: their column -> the column counted'),
});
export type SessionsEntry = z.output<typeof sessions>;
const derive = z.strictObject({ sessions });

const test = z.strictObject({
  unique: columnList.optional(),
  not_null: columnList.optional(),
  freshness: duration.optional().describe('Warn when the newest row is older'),
  volume: share.optional().describe('Warn when a day has so much less than the days before'),
});
export type TestEntry = z.output<typeof test>;

const dataset = z.strictObject({
  description: z.string().optional(),
  from: z.string().min(1).optional().describe('Where in the source: a table; the name of the dataset when left out'),
  capture: z
    .strictObject({
      mode: z.enum(['full', 'watermark', 'log', 'events']),
      cursor: z.string().optional().describe('The column that only grows (watermark)'),
      lag: duration
        .optional()
        .describe(
          'Rows younger than this may still be uncommitted (watermark): where no horizon can be read; best effort',
        ),
      horizon_connection: connection
        .optional()
        .describe('Environment variable with the primary, where the source is a standby (watermark)'),
      max_reread_rows: z
        .int()
        .positive()
        .optional()
        .describe('Rows above the safe point that may be read again each time (watermark); 1000000 when left out'),
      sweep: duration.optional().describe('How often the whole table is read, to find deleted rows (watermark)'),
    })
    .optional(),
  key: z
    .union([z.array(z.string()), z.strictObject({ hash: columnList })])
    .optional()
    .describe('Columns that identify a row: [a, b], or { hash: [a, b] } to keep sha256 of them in _key'),
  history: z.enum(['none', 'scd2']).optional(),
  zone: z.string().optional().describe('IANA zone that defines day and half-day of its reports'),
  contract: z
    .strictObject({
      tables: z.enum(['evolve', 'freeze']).optional(),
      columns: z.enum(['evolve', 'keep', 'quarantine', 'freeze']).optional(),
      types: z.enum(['quarantine', 'keep', 'freeze']).optional(),
    })
    .optional()
    .describe('What the loader does with what does not fit'),
  flush: z
    .strictObject({ seconds: positive.optional(), rows: z.int().positive().optional(), bytes: size.optional() })
    .optional()
    .describe('A batch is written when one of these is reached'),
  columns: z.record(z.string().min(1), column).optional(),
  derive: z.union([z.array(derive), derive]).optional(),
  tests: z.array(test).optional(),
  max_delete: share.optional().describe('What one clearing may delete without an operator; 50% when left out'),
  drop: z
    .strictObject({
      prefix: z
        .string()
        .regex(/^[\w-]+(?:\/[\w-]+)*$/, 'expected a prefix such as answers or quiz/answers')
        .describe('Folder or prefix below DROPS_URL'),
      format: z.enum(['auto', 'csv', 'ndjson']).optional(),
      delimiter: z.enum(['auto', ',', ';', '\t', '|']).optional(),
      header: z.array(z.string()).min(1).optional().describe('Names of the fields, where files have no header line'),
    })
    .optional()
    .describe('How dropped files are read'),
});
export type DatasetEntry = z.output<typeof dataset>;

export const sourceSchema = z
  .strictObject({
    source: name.describe('Name of the source, unique in the catalog'),
    kind: z.enum(['postgres', 'zoom', 'http', 'logs']),
    connection: connection
      .optional()
      .describe('Name of an environment variable (or NAME_FILE) that holds the connection, never a value'),
    dataset_prefix: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, 'expected a prefix of a-z, 0-9 and _')
      .optional()
      .describe('Stands before the name of every dataset of this source'),
    schedule: z
      .strictObject({ every: duration, zone: z.string().optional().describe('IANA zone; UTC when left out') })
      .optional(),
    log: z
      .strictObject({
        slot: replicationName.optional().describe('Replication slot; rollcall_<source> when left out'),
        publication: replicationName.optional().describe('Publication; rollcall_<source> when left out'),
        create: z
          .boolean()
          .optional()
          .describe('false: a DBA makes both, Rollcall only says the SQL; true when left out'),
      })
      .optional()
      .describe('Names of what log capture needs in the database'),
    datasets: z.record(name, dataset),
  })
  .meta({ title: 'Rollcall source', description: 'One source of the catalog: its datasets as data contracts' });
export type SourceEntry = z.output<typeof sourceSchema>;

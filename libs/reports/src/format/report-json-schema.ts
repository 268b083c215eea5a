import { z } from 'zod';
import { schemaKeys } from '@rollcall/catalog';
import { reportSchema } from './report-schema.js';

/** The JSON Schema of report.yaml, for editors: committed as reports/report.schema.json. */
export function reportJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(reportSchema, { io: 'input' });
  return { $schema, $id: 'report.schema.json', ...rest };
}

/** The keys that a map of report.yaml may have. */
export const knownKeys = schemaKeys(reportJsonSchema);

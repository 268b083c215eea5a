import { z } from 'zod';
import { schemaKeys } from './schema-keys.js';
import { sourceSchema } from './source-schema.js';

/** The JSON Schema of a catalog file, for editors: committed as schemas/source.schema.json. */
export function sourceJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(sourceSchema, { io: 'input' });
  return { $schema, $id: 'source.schema.json', ...rest };
}

/** The keys that a map of a catalog file may have. */
export const knownKeys = schemaKeys(sourceJsonSchema);

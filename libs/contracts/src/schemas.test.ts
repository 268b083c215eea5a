import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { CONTRACT_FAMILIES } from './contract-families.js';
import { CONSUMERS, STREAMS, TOPOLOGY_VERSION } from './topology.js';

const FOLDER = fileURLToPath(new URL('../schemas/', import.meta.url));

function jsonSchema(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input' });
}

// `vitest run --project unit libs/contracts -u` writes them anew; review looks at the difference.
test.each(CONTRACT_FAMILIES)('the JSON Schema of $family is what the code says', async ({ family, schema }) => {
  const text = `${JSON.stringify(jsonSchema(schema), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot(`${FOLDER}${family}.json`);
});

test('no schema is left without a contract', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(CONTRACT_FAMILIES.map(({ family }) => `${family}.json`).sort());
});

/**
 * The protocol, pinned. When this fails, a service of the last release may not understand one of this release, or the other way round:
 * 1. An optional field was added: fine. Add a fixture that has it, `-u` the schemas, put the new hash here, say so in CHANGELOG.md.
 * 2. A stream or a consumer changed: raise TOPOLOGY_VERSION, put the new hash here; `rollcall migrate` applies it.
 * 3. Anything else (a field removed, renamed, made required, given another meaning): not here. Make `<area>.v2.<event>` beside v1,
 *    publish both, move the consumers, and remove v1 only when its stream is drained.
 */
test('the protocol has not changed', () => {
  const protocol = {
    families: CONTRACT_FAMILIES.map(({ family, contracts, schema }) => ({
      family,
      subjects: contracts.map(({ subject, stream }) => [subject, stream]),
      schema: jsonSchema(schema),
    })),
    topology: { version: TOPOLOGY_VERSION, streams: STREAMS, consumers: CONSUMERS },
  };
  const hash = createHash('sha256').update(JSON.stringify(protocol)).digest('hex').slice(0, 16);
  expect(hash).toBe('0ef0ae448876cf85');
});

import { z } from 'zod';
import { SIMPLE_TYPE_NAMES, type LogicalType } from '@rollcall/catalog';
import { batchManifest, type BatchManifest } from '@rollcall/contracts';

const MANIFEST_KEY = 'rollcall.manifest';
const COLUMNS_KEY = 'rollcall.columns';

const simpleType = z.enum(SIMPLE_TYPE_NAMES);

const logicalType = z.union([
  z.object({ name: simpleType }),
  z.object({
    name: z.literal('decimal'),
    precision: z.number().int().min(1).max(38),
    scale: z.number().int().min(0).max(38),
  }),
]);

const columnList = z.array(z.object({ name: z.string().min(1), type: logicalType }));

export interface ColumnName {
  readonly name: string;
  readonly type: LogicalType;
}

/** The key-value metadata of a batch: its manifest and the logical types of its columns, so that the file alone says all. */
export function metadataEntries(
  manifest: BatchManifest,
  columns: readonly ColumnName[],
): { key: string; value: string }[] {
  return [
    { key: MANIFEST_KEY, value: JSON.stringify(batchManifest.parse(manifest)) },
    { key: COLUMNS_KEY, value: JSON.stringify(columns.map(({ name, type }) => ({ name, type }))) },
  ];
}

/** Reads the entries back. Throws when the file is not a batch. */
export function parseMetadata(entries: readonly { readonly key: string; readonly value?: string }[]): {
  manifest: BatchManifest;
  columns: readonly ColumnName[];
} {
  const valueOf = (key: string): unknown => JSON.parse(entries.find((e) => e.key === key)?.value ?? 'null');
  return { manifest: batchManifest.parse(valueOf(MANIFEST_KEY)), columns: columnList.parse(valueOf(COLUMNS_KEY)) };
}

import { vectorOf, type ColumnVector } from '@rollcall/catalog';
import { batchWritten } from '@rollcall/contracts';
import { positionIndex, positionPrefix } from '@rollcall/kernel';
import { openStore, writeVectorBatch } from '@rollcall/lake';
import { connectBroker } from '@rollcall/messaging';
import {
  columnCodec,
  connectSource,
  copyVectors,
  describeTable,
  quoteSourceIdentifier,
} from '@rollcall/source-postgres';
import type { BenchStage } from './bench-stage.ts';

const TEXT = { name: 'text' } as const;
/** Above every LSN that a read could have given. */
const PREFIX = positionPrefix(0, 2n ** 60n);
const ROWS_PER_BATCH = 50_000;

/** The changed fifth of the source as batches of `synced`, in the lake and announced: what a loader that starts now has to merge. */
export async function announceChanged(stage: BenchStage, sourceUrl: string): Promise<void> {
  const client = await connectSource(sourceUrl, { applicationName: 'rollcall bench' });
  const lake = await openStore({ url: stage.platform.lakeUrl });
  await using broker = await connectBroker({ url: stage.natsUrl, name: 'bench' });
  const table = await describeTable(client, 'public.transactions');
  if (!table) throw new Error('there is no table transactions');
  const columns = table.columns.map(({ name, type }) => ({
    name,
    sql: quoteSourceIdentifier(name),
    codec: columnCodec(type),
  }));
  let row = 0;
  let part = 0;
  const request = {
    from: 'FROM transactions WHERE id % 5 = 0',
    columns,
    maxRows: ROWS_PER_BATCH,
    maxBytes: 32_000_000,
  };
  for await (const { rowCount, vectors } of copyVectors(client, request)) {
    const texts = (text: (at: number) => string): ColumnVector =>
      vectorOf(
        TEXT,
        Array.from({ length: rowCount }, (_, at) => text(at)),
      );
    const first = (row += rowCount) - rowCount;
    const written = await writeVectorBatch(lake, {
      source: 'bench',
      dataset: 'synced',
      lane: 'rows',
      range: { kind: 'run', run: 'changed', part: part++ },
      contract: '0'.repeat(12),
      origin: 'public.transactions',
      extractedAt: '2026-01-01T00:00:00.000000Z',
      asOfDay: '2026-01-01',
      groups: [
        {
          rowCount,
          columns: [
            { name: '_position', type: TEXT, vector: texts((at) => PREFIX + positionIndex(first + at + 1)) },
            { name: '_op', type: TEXT, vector: texts(() => 'u') },
            ...columns.flatMap(({ name, codec }, at) => {
              const vector = vectors[at];
              return vector ? [{ name, type: codec.logical, vector }] : [];
            }),
          ],
        },
      ],
    });
    await broker.publish(batchWritten, written);
  }
  await client.end();
}

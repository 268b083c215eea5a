import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { appEvents, type BatchWritten } from '@rollcall/contracts';
import { formatPosition, parsePosition } from '@rollcall/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, LineageQuestions } from './lineage-questions.js';

let lineage: LineageQuestions;

beforeAll(async () => {
  lineage = await LineageQuestions.open();
}, 120_000);

afterAll(async () => lineage[Symbol.asyncDispose]());

describe('a record', () => {
  it('lies in the line of the file that its place names', async () => {
    const [batch] = await lineage.bed.warehouse.query<{ id: string; position: string }>(
      `SELECT b.id, min(r._position) AS position FROM ops.batch b JOIN raw.answers r ON r._batch_id = b.id WHERE b.origin = $1 GROUP BY 1`,
      ['answers/2026-01.csv'],
    );
    const record = await lineage.api.record('answers', batch?.id ?? '', batch?.position ?? '');
    expect(record.place).toBe('line 2');
    const [line] = lineage.answers;
    expect(fieldOf(record, 'object_id')?.lake).toBe(line?.question_id);
    expect(fieldOf(record, 'participant_id')?.lake).toBe(line?.user);
    expect(fieldOf(record, 'created_at')?.lake).toBe(`${line?.sent_at.replace(' ', 'T')}.000000Z`);
    expect(fieldOf(record, 'session_id')).toMatchObject({ raw: null, lake: null, differs: false });
    expect(record.load.counts).toMatchObject({ in: 400 });
  });

  it('of the bus is told by the event of its message, also where an earlier one could not be read', async () => {
    const events = ['not an event', lineage.event('bus-a'), lineage.event('bus-b')];
    const written = await lineage.bed.bus('app_events', [[lineage.event('bus-0')], events]);
    const record = await lineage.api.record(
      'app_events',
      await lineage.ledgerId(written),
      await lineage.positionOf('bus-b'),
    );
    expect(record.place).toMatch(/^event 3 of the message of 2026-\S+Z$/);
    expect(record.batch.origin).toBe(appEvents('app_events').subject);
  });

  it('that a newer one replaced is told to be superseded, and shows both', async () => {
    const older = await lineage.bed.http('app_events', [lineage.event('twice', { context_locale: 'de-DE' })]);
    const position = await lineage.positionOf('twice');
    await lineage.bed.http('app_events', [lineage.event('twice', { context_locale: 'fr-FR' })]);
    const record = await lineage.api.record('app_events', await lineage.ledgerId(older), position);
    expect(record.superseded).toBe(true);
    expect(fieldOf(record, 'context_locale')).toMatchObject({
      clean: 'fr-FR',
      raw: 'fr-FR',
      lake: 'de-DE',
      differs: true,
    });
    expect(fieldOf(record, 'id')).toMatchObject({ differs: false });
  });

  it('keeps what no column has: shown in raw and in the lake', async () => {
    const written = await lineage.bed.http('app_events', [lineage.event('rest', { colour: 'red' })]);
    const record = await lineage.api.record(
      'app_events',
      await lineage.ledgerId(written),
      await lineage.positionOf('rest'),
    );
    expect(fieldOf(record, '_rest')).toMatchObject({
      raw: '{"colour":"red"}',
      lake: '{"colour":"red"}',
      differs: false,
    });
  });

  it('is found in a later row group of a large object', async () => {
    const events = Array.from({ length: 20_000 }, (_, n) => lineage.event(`many-${n}`));
    const written = await lineage.bed.http('app_events', events);
    const first = parsePosition(written.firstPosition ?? '');
    if (!first) throw new Error('the batch has no position');
    const record = await lineage.api.record(
      'app_events',
      await lineage.ledgerId(written),
      formatPosition({ ...first, index: 19_000 }),
    );
    expect(fieldOf(record, 'id')?.lake).toBe('many-19000');
    expect(record.place).toBe('event 19001 of the batch');
  });

  it('cannot be shown when its object is gone, and says the way out', async () => {
    const written = await lineage.bed.http('app_events', [lineage.event('gone')]);
    await rm(pathOf(written));
    await expect(ofBatch(written)).rejects.toMatchObject({
      status: 404,
      code: 'object-missing',
      message: expect.stringMatching(/is not in .*restore it/),
    });
  });

  it('is not shown from an object that was changed', async () => {
    const written = await lineage.bed.http('app_events', [lineage.event('bent')]);
    const found = await lineage.bed.store.get(written.key);
    const bent = Buffer.from(found?.bytes ?? []);
    bent[40] = (bent[40] ?? 0) ^ 1;
    await writeFile(pathOf(written), bent);
    await expect(ofBatch(written)).rejects.toMatchObject({ status: 502, code: 'object-damaged' });
  });

  it.each([
    ['no_such', '1', '0001-0000000000000001-00000001'],
    ['answers', '1 OR true', '0001-0000000000000001-00000001'],
    ['answers', '999999', '0001-0000000000000001-00000001'],
    ['app_events', '1', '0001-0000000000000001-00000001'],
    ['answers', '1', `' OR true --`],
    ['answers', '1', '0001-0000000000000001-00000001'],
  ])('is absent under %s/%s/%s', async (dataset, batch, position) => {
    await expect(lineage.api.record(dataset, batch, position)).rejects.toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });
});

async function ofBatch(written: BatchWritten): Promise<unknown> {
  return lineage.api.record('app_events', await lineage.ledgerId(written), written.firstPosition ?? '');
}

function pathOf({ key }: BatchWritten): string {
  return fileURLToPath(new URL(key, `${lineage.bed.store.url.replace(/\/*$/, '')}/`));
}

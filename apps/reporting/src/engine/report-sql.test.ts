import { parseReport, type Report } from '@rollcall/reports';
import { describe, expect, it } from 'vitest';
import { int8, smallReport, text, type SmallReport } from '../../test/small-reports.js';
import { indexesOf } from './report-indexes.js';
import { computed, deleteGone, upsertChanged } from './report-sql.js';

function reportOf(name: string, of: SmallReport): Report {
  const { report, faults } = parseReport({ name, dir: name, files: new Map(Object.entries(smallReport(name, of))) });
  if (!report) throw new Error(JSON.stringify(faults));
  return report;
}

const wide = reportOf('wide', {
  sql: 'SELECT 1 -- ends with a comment',
  columns: [text('day'), text('user'), int8('events')],
  grain: ['day', 'user'],
  filters: [
    'day: { column: day, op: in }',
    'user: { column: user, op: in }',
    'events: { column: events, op: between }',
  ],
});

describe('the difference', () => {
  it('deletes by the whole grain', () => {
    expect(deleteGone(wide, 'store')).toContain('WHERE n."day" = s."day" AND n."user" = s."user")');
  });

  it('writes only what is new or other than it was', () => {
    const sql = upsertChanged(wide, 'store');
    expect(sql).toContain('WHERE s."day" IS NULL OR (n."events") IS DISTINCT FROM (s."events")');
    expect(sql).toContain('ON CONFLICT ("day", "user") DO UPDATE SET "events" = excluded."events"');
  });

  it('of rows that are nothing but their key has nothing to update', () => {
    const keys = reportOf('keys', { sql: 'SELECT 1', columns: [text('a'), text('b')], grain: ['a', 'b'] });
    expect(upsertChanged(keys, 'store')).toMatch(/WHERE s\."a" IS NULL\nON CONFLICT \("a", "b"\) DO NOTHING$/);
  });
});

describe('what is computed', () => {
  it('stands on lines of its own, at a place that is known', () => {
    const { text: sql, sqlAt } = computed(wide);
    expect(sql.slice(sqlAt)).toMatch(/^SELECT 1 -- ends with a comment\n/);
    expect(sql).toContain('v."user"::text COLLATE "C" AS "user"');
  });
});

describe('the indexes', () => {
  it('serve the columns that are filtered by, but for the first of the key', () => {
    expect(indexesOf(wide)).toEqual(expect.arrayContaining(['"user"', '"events"']));
    expect(indexesOf(wide)).not.toContain('"day"');
  });
});

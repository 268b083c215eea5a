import { parseReport } from '@rollcall/reports';
import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { EVENTS, smallReport } from '../../test/small-reports.js';
import { computed } from './report-sql.js';
import { viewFailure } from './view-failure.js';

const sql = 'SELECT e.event,\n  é.x AS events\nFROM e';
const { report } = parseReport({
  name: 'events',
  dir: 'reports/events',
  files: new Map(Object.entries(smallReport('events', { ...EVENTS, sql }))),
});
if (!report) throw new Error('the report of this test is faulty');

const serverError = (code: string, message: string, more: object = {}): Error =>
  Object.assign(new Error(message), { code, detail: 'Key (a)=(secret) is duplicated.', ...more });

describe('what fails in a view', () => {
  it('is told with its place in view.sql', () => {
    const placed = computed(report);
    const position = placed.sqlAt + sql.indexOf('é') + 1;
    const failure = viewFailure(
      report,
      serverError('42P01', 'missing FROM-clause entry', { position: String(position) }),
      placed,
    );
    expect(failure).toMatchObject({
      code: 'report/failed',
      message: 'reports/events/view.sql:2:3: error: missing FROM-clause entry [42P01]',
    });
  });

  it('never holds a value of a row', () => {
    const failure = viewFailure(report, serverError('22P02', 'invalid input syntax for type bigint: "se"cret"'));
    expect(String(failure)).toContain('invalid input syntax for type bigint: "…" [22P02]');
    expect(String(failure)).not.toContain('cret');
    expect(String(viewFailure(report, serverError('23505', 'duplicate key value')))).not.toContain('secret');
  });

  it('may be that it takes too long', () => {
    const late = new RollcallError('warehouse/timeout', 'late', { cause: serverError('57014', 'canceling') });
    expect(viewFailure(report, late)).toMatchObject({ code: 'report/failed' });
  });

  it.each(['55P03', '40001', '42501', '53100', '08006'])('is not an outage or a missing right (%s)', (code) => {
    const world = new RollcallError('warehouse/unavailable', 'no', { cause: serverError(code, 'no') });
    expect(viewFailure(report, world)).toBe(world);
  });

  it('is not a bug of ours', () => {
    const bug = new TypeError('undefined is not a function');
    expect(viewFailure(report, bug)).toBe(bug);
  });
});

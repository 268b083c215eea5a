import { RollcallError } from '@rollcall/kernel';
import { ChartRenderError } from '@rollcall/reports/renderer';
import { describe, expect, it } from 'vitest';
import { problemOf } from './problem-of.js';
import { badParameters, Refusal } from './refusal.js';

const PLACE = { instance: '/api/v1/reports', requestId: 'r1' };

describe('problemOf', () => {
  it('keeps what a refusal says, and gives its headers', () => {
    const refusal = new Refusal(429, 'too-many-attempts', 'wait', { retryAfterSeconds: 7, headers: { x: 'y' } });
    expect(problemOf(refusal, PLACE)).toEqual({
      problem: {
        type: 'urn:rollcall:problem:too-many-attempts',
        title: 'Too Many Requests',
        status: 429,
        detail: 'wait',
        code: 'too-many-attempts',
        ...PLACE,
      },
      headers: { x: 'y', 'retry-after': '7' },
      isBug: false,
    });
    const errors = [{ parameter: 'limit', detail: 'is no number' }];
    expect(problemOf(badParameters(errors), PLACE).problem.errors).toEqual(errors);
  });

  it.each([
    [new RollcallError('warehouse/timeout', 'x'), 503, 'too-slow'],
    [new RollcallError('warehouse/unavailable', 'x'), 503, 'warehouse-unavailable'],
    [new RollcallError('warehouse/denied', 'x'), 503, 'warehouse-unavailable'],
    [new RollcallError('lake/throttled', 'x'), 503, 'unavailable'],
    [Object.assign(new Error('division by zero'), { code: '22012' }), 400, 'bad-parameters'],
    [Object.assign(new Error('large'), { statusCode: 413 }), 413, 'too-large'],
    [{ getStatus: () => 404 }, 404, 'not-found'],
    [Object.assign(new Error('odd'), { statusCode: 418 }), 400, 'bad-request'],
    [new ChartRenderError('busy', 'x'), 503, 'busy'],
    [new ChartRenderError('too-slow', 'x'), 503, 'too-slow'],
    [new ChartRenderError('failed', 'x'), 422, 'chart-failed'],
    [new TypeError('x is not a function'), 500, 'internal'],
    ['a text', 500, 'internal'],
  ])('%s is %i %s', (error, status, code) => {
    const { problem, isBug } = problemOf(error, PLACE);
    expect([problem.status, problem.code]).toEqual([status, code]);
    expect(isBug).toBe(code === 'internal');
  });

  it('tells nothing of a bug', () => {
    const error = new Error('relation "secret" does not exist', { cause: 'a row' });
    expect(JSON.stringify(problemOf(error, PLACE))).not.toContain('secret');
  });
});

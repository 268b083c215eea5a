import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { askSource, classifySourceError, sourceState } from './classify-source-error.js';

const failing = (code: string, message = 'it failed'): Error => Object.assign(new Error(message), { code });

describe('classifySourceError', () => {
  it.each([
    ['ECONNREFUSED', 'source/unavailable'],
    ['ENOTFOUND', 'source/unavailable'],
    ['08006', 'source/unavailable'],
    ['28P01', 'source/unavailable'],
    ['40001', 'source/unavailable'],
    ['53300', 'source/unavailable'],
    ['55006', 'source/unavailable'],
    ['57014', 'source/unavailable'],
    ['57P01', 'source/unavailable'],
    ['58030', 'source/unavailable'],
    ['42501', 'source/denied'],
    ['42P01', 'source/unfit'],
    ['42703', 'source/unfit'],
    ['22012', 'source/unfit'],
    ['25006', 'source/unfit'],
    ['55000', 'source/unfit'],
    ['XX001', 'source/unfit'],
    ['54000', 'source/too-wide'],
  ])('names %s %s and keeps the cause', (state, code) => {
    const error = failing(state);
    expect(classifySourceError(error)).toMatchObject({ code, cause: error });
    expect(sourceState(classifySourceError(error))).toBe(state);
  });

  it('says what was tried, and the words of the server where they speak of names', () => {
    const denied = failing('42501', 'permission denied for table users');
    expect(classifySourceError(denied, 'table public.users')).toMatchObject({
      message: 'table public.users: permission denied for table users (42501)',
    });
  });

  it.each(['22P02', '57014', '08006', '54000'])('keeps to itself what may hold a value or a secret: %s', (state) => {
    const { message } = classifySourceError(failing(state, 'invalid input: "ada@example.com"')) as Error;
    expect(message).not.toContain('ada');
  });

  it('knows a lost connection by its words, and one of several addresses by its code', () => {
    for (const error of [
      new Error('Connection terminated unexpectedly'),
      new Error('Client was closed and is not queryable'),
      new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')]),
    ])
      expect(classifySourceError(error)).toMatchObject({ code: 'source/unavailable' });
  });

  it('leaves bugs, and what is named already, as they are', () => {
    for (const error of [
      failing('ERR_STRING_TOO_LONG'),
      failing('23505'),
      new RangeError('x'),
      new RollcallError('source/slot-lost', 'x'),
      'text',
    ])
      expect(classifySourceError(error)).toBe(error);
  });
});

describe('askSource', () => {
  it('gives the answer, or its error as ours', async () => {
    expect(await askSource(Promise.resolve(1))).toBe(1);
    await expect(askSource(Promise.reject(failing('42P01')), 'table x')).rejects.toMatchObject({
      code: 'source/unfit',
    });
  });
});

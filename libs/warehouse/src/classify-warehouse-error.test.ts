import { RollcallError } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { classifyWarehouseError, isRefusedValue, sqlState } from './classify-warehouse-error.js';

const failing = (code: string, message = 'it failed'): Error => Object.assign(new Error(message), { code });

describe('classifyWarehouseError', () => {
  it.each([
    ['ECONNREFUSED', 'warehouse/unavailable'],
    ['ENOTFOUND', 'warehouse/unavailable'],
    ['08006', 'warehouse/unavailable'],
    ['53300', 'warehouse/unavailable'],
    ['57P01', 'warehouse/unavailable'],
    ['57P03', 'warehouse/unavailable'],
    ['3D000', 'warehouse/unavailable'],
    ['57014', 'warehouse/timeout'],
    ['55P03', 'warehouse/timeout'],
    ['40001', 'warehouse/timeout'],
    ['40P01', 'warehouse/timeout'],
    ['25P03', 'warehouse/timeout'],
    ['42501', 'warehouse/denied'],
    ['28P01', 'warehouse/denied'],
    ['25006', 'warehouse/denied'],
    ['53100', 'warehouse/full'],
  ])('names %s %s and keeps the cause', (state, code) => {
    const error = failing(state);
    expect(classifyWarehouseError(error)).toMatchObject({ code, cause: error });
  });

  it('knows a lost connection by its words, and one of several addresses by its code', () => {
    expect(classifyWarehouseError(new Error('Connection terminated unexpectedly'))).toMatchObject({
      code: 'warehouse/unavailable',
    });
    expect(
      classifyWarehouseError(new AggregateError([failing('ECONNREFUSED'), failing('ECONNREFUSED')])),
    ).toMatchObject({ code: 'warehouse/unavailable' });
  });

  it('leaves bugs, refused values and what is named already as they are', () => {
    for (const error of [failing('42P01'), failing('22003'), new RollcallError('load/unbalanced', 'x'), 'text'])
      expect(classifyWarehouseError(error)).toBe(error);
  });

  it('keeps values of rows out of the message', () => {
    expect(classifyWarehouseError(failing('57014', 'near "ann@example.com"'))).toMatchObject({
      message: expect.not.stringContaining('ann') as string,
    });
  });

  it('finds the state under wrappers', () => {
    expect(sqlState(new RollcallError('warehouse/denied', 'x', { cause: failing('42501') }))).toBe('42501');
    expect(sqlState('no error')).toBeUndefined();
  });

  it('tells refused values from all else', () => {
    expect(
      [failing('22P02'), failing('22021'), failing('54000'), failing('23505'), new Error('x')].map(isRefusedValue),
    ).toEqual([true, true, true, false, false]);
  });
});

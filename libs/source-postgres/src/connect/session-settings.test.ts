import { describe, expect, it } from 'vitest';
import { droppedSetting, SESSION_SETTINGS } from './session-settings.js';

const ASKED = {
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  jit: 'off',
};

describe('the settings of a session', () => {
  it('are all asked for', () => {
    for (const name of Object.keys(ASKED)) expect(SESSION_SETTINGS).toContain(`current_setting('${name}')`);
  });

  it('are as they were wanted, whatever order of days is for input', () => {
    expect(droppedSetting(ASKED)).toBeUndefined();
    expect(droppedSetting({ ...ASKED, DateStyle: 'ISO, DMY' })).toBeUndefined();
  });

  it.each([
    [{ DateStyle: 'German, DMY' }, 'DateStyle is German, DMY, not ISO'],
    [{ TimeZone: 'Europe/Berlin' }, 'TimeZone is Europe/Berlin, not UTC'],
    [{ extra_float_digits: '-15' }, 'extra_float_digits is -15, not 1'],
    [{ bytea_output: 'escape' }, 'bytea_output is escape, not hex'],
    [{ IntervalStyle: 'iso_8601' }, 'IntervalStyle is iso_8601, not postgres'],
  ])('are named when they were dropped on the way: %j', (dropped, named) => {
    expect(droppedSetting({ ...ASKED, ...dropped })).toBe(named);
  });
});

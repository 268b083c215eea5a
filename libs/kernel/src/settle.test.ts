import { describe, expect, test } from 'vitest';
import { ERROR_POLICY, type ErrorCode } from './error-policy.js';
import { dead, ok, skip } from './outcome.js';
import { RollcallError } from './rollcall-error.js';
import { LONE_FROM_TRY, MAX_TRIES, settle, type Settlement, type Verdict } from './settle.js';

const bug = new TypeError('undefined is not a function');
const down = new RollcallError('warehouse/unavailable', 'no answer');
const frozen = new RollcallError('load/contract-frozen', 'migrate');
const bad = new RollcallError('message/invalid', 'not JSON');
const threw = (error: unknown): Verdict => ({ kind: 'threw', error });

const LAST = MAX_TRIES;

const table: readonly (readonly [string, Verdict, number, Settlement])[] = [
  ['a success', ok('done'), 1, { do: 'ack' }],
  ['a success late', ok('done'), LAST, { do: 'ack' }],
  ['nothing to do', skip('known'), 1, { do: 'ack' }],
  ['a dead input', dead('bad-key'), 1, { do: 'bury', code: 'bad-key' }],
  ['an input for another', { kind: 'route', to: 'late', reason: 'old' }, 1, { do: 'forward', to: 'late' }],
  ['an outage', threw(down), 1, { do: 'retry', delayMs: 250, code: down.code }],
  ['an outage, third time', threw(down), 3, { do: 'retry', delayMs: 1000, code: down.code }],
  ['an outage that lasts', threw(down), LAST + 100, { do: 'retry', delayMs: 15_000, code: down.code }],
  ['what an operator must mend', threw(frozen), 1, { do: 'bury', code: frozen.code }],
  ['what never heals', threw(bad), 1, { do: 'bury', code: bad.code }],
  ['a bug', threw(bug), 1, { do: 'crash', error: bug }],
  ['a bug, one before the last try', threw(bug), LAST - 1, { do: 'crash', error: bug }],
  ['a bug at the last try', threw(bug), LAST, { do: 'bury', code: 'unknown-error' }],
  ['a bug beyond the last try', threw(bug), LAST + 1, { do: 'bury', code: 'unknown-error' }],
  ['something thrown that is no error', threw('oops'), 1, { do: 'crash', error: 'oops' }],
];

test.each(table)('%s', (_what, verdict, tries, settlement) => {
  expect(settle(verdict, tries, 0)).toEqual(settlement);
});

describe.each(Object.entries(ERROR_POLICY))('an error of code %s', (code, { retry }) => {
  test('is tried again only if time may heal it, else buried at once', () => {
    const settlement = settle(threw(new RollcallError(code as ErrorCode, 'x')), 1, 0);
    expect(settlement).toMatchObject(retry === 'timed' ? { do: 'retry', code } : { do: 'bury', code });
  });
});

test('jitter makes a retry wait longer, never shorter', () => {
  const wait = (random: number): number => {
    const settlement = settle(threw(down), 1, random);
    return settlement.do === 'retry' ? settlement.delayMs : -1;
  };
  expect([wait(0), wait(0.5), wait(0.999)]).toEqual([250, 375, 500]);
});

test('a message is handled alone well before it is buried', () => {
  expect(LONE_FROM_TRY).toBeGreaterThan(1);
  expect(LONE_FROM_TRY).toBeLessThan(MAX_TRIES);
});

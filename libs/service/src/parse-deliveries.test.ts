import { appEvents } from '@rollcall/contracts';
import { dead, ok, skip } from '@rollcall/kernel';
import type { Delivery } from '@rollcall/messaging';
import { expect, it } from 'vitest';
import { parseDeliveries } from './parse-deliveries.js';

const contract = appEvents('clicks');

function delivery(text: string): Delivery {
  return {
    stream: 'EVENTS',
    subject: contract.subject,
    sequence: 1,
    tries: 1,
    data: new TextEncoder().encode(text),
    headers: undefined,
    timestampMicros: 0n,
  };
}

it('gives deliveries as they are where there is no contract', () => {
  const deliveries = [delivery('x')];
  const parsed = parseDeliveries(undefined, deliveries);
  expect(parsed.inputs).toBe(deliveries);
  expect(parsed.verdicts([skip('s')])).toEqual([skip('s')]);
});

it('keeps what does not fit from the method, and puts the verdicts back in order', () => {
  const deliveries = [delivery('{"id":"a"}'), delivery('nonsense'), delivery('{"id":"b"}')];
  const { inputs, verdicts } = parseDeliveries(contract, deliveries);
  expect(inputs).toEqual([
    { delivery: deliveries[0], message: { id: 'a' } },
    { delivery: deliveries[2], message: { id: 'b' } },
  ]);
  expect(verdicts([ok(1), dead('bad')])).toEqual([
    ok(1),
    expect.objectContaining({ kind: 'dead', reason: 'message/invalid' }),
    dead('bad'),
  ]);
});

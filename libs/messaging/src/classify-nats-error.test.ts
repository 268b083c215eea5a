import { JetStreamApiError } from '@nats-io/jetstream';
import { errors } from '@nats-io/transport-node';
import { RollcallError, type ErrorCode } from '@rollcall/kernel';
import { describe, expect, it } from 'vitest';
import { classifyNatsError } from './classify-nats-error.js';

function answer(errCode: number, description: string): JetStreamApiError {
  return new JetStreamApiError({ code: 500, err_code: errCode, description });
}

describe('classifyNatsError', () => {
  it.each<[string, Error, ErrorCode]>([
    ['timeout', new errors.TimeoutError(), 'nats/unavailable'],
    ['no responders', new errors.NoRespondersError('x'), 'nats/unavailable'],
    ['closed', new errors.ClosedConnectionError(), 'nats/unavailable'],
    ['draining', new errors.DrainingConnectionError(), 'nats/unavailable'],
    ['refused', new errors.ConnectionError('connection refused'), 'nats/unavailable'],
    ['wrong password', new errors.AuthorizationError('Authorization Violation'), 'nats/unavailable'],
    ['disconnected', new errors.RequestError('connection disconnected'), 'nats/unavailable'],
    ['socket', Object.assign(new Error('read'), { code: 'ECONNRESET' }), 'nats/unavailable'],
    ['wrapped', new Error('outer', { cause: new errors.TimeoutError() }), 'nats/unavailable'],
    ['stream not found', answer(10059, 'stream not found'), 'nats/topology'],
    ['consumer not found', answer(10014, 'consumer not found'), 'nats/topology'],
    ['maximum bytes', answer(10077, 'maximum bytes exceeded'), 'nats/full'],
    ['no disk', answer(10047, 'insufficient storage resources available'), 'nats/full'],
    ['not enabled', answer(10076, 'JetStream not enabled'), 'nats/too-old'],
    ['other answer', answer(10008, 'JetStream system temporarily unavailable'), 'nats/unavailable'],
  ])('%s is %s', (_name, error, code) => {
    const ours = classifyNatsError(error, 'doing it at host:1');
    expect(ours).toBeInstanceOf(RollcallError);
    expect(ours).toMatchObject({ code, cause: error });
    expect(String(ours)).toContain('doing it at host:1: ');
  });

  it('leaves alone what it does not know, and what is ours already', () => {
    const bug = new TypeError('x is undefined');
    const ours = new RollcallError('lake/full', 'm');
    expect(classifyNatsError(bug, 'd')).toBe(bug);
    expect(classifyNatsError(ours, 'd')).toBe(ours);
    expect(classifyNatsError('text', 'd')).toBe('text');
  });
});

import { describe, expect, it } from 'vitest';
import { parseBrokerUrl } from './broker-address.js';

describe('parseBrokerUrl', () => {
  it.each([
    ['nats://localhost:4222', ['localhost:4222'], 'localhost:4222'],
    ['localhost', ['localhost:4222'], 'localhost:4222'],
    ['nats://a:1, nats://b', ['a:1', 'b:4222'], 'a:1, b:4222'],
    ['nats://[::1]:4333', ['[::1]:4333'], '[::1]:4333'],
  ])('reads %s', (text, servers, place) => {
    expect(parseBrokerUrl(text)).toEqual({ servers, place, tls: false });
  });

  it('takes user and password out of the address', () => {
    expect(parseBrokerUrl('nats://me:p%40ss@h:1')).toEqual({
      servers: ['h:1'],
      place: 'h:1',
      tls: false,
      user: 'me',
      password: 'p@ss',
    });
  });

  it('takes a lone user for a token, and tls:// for TLS', () => {
    expect(parseBrokerUrl('tls://s3cret@h')).toEqual({
      servers: ['h:4222'],
      place: 'h:4222',
      tls: true,
      token: 's3cret',
    });
  });

  it.each(['', ' , ', 'http://h:1', 'nats://', 'nats://me:hunter2@'])('refuses %j without repeating it', (text) => {
    expect(() => parseBrokerUrl(text)).toThrow(expect.objectContaining({ code: 'config/invalid' }));
    expect(() => parseBrokerUrl(text)).not.toThrow(/hunter2/);
  });
});

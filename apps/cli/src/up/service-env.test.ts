import { describe, expect, it } from 'vitest';
import { serviceEnv } from './service-env.js';
import { SERVICES } from './service-specs.js';

const given = {
  PATH: '/bin',
  LOG_LEVEL: 'debug',
  WAREHOUSE_URL_FILE: '/run/secret',
  OPS_URL: 'postgres://theirs/o',
  SHOP_URL: 'postgres://shop/s',
};
const platform = {
  NATS_URL: 'nats://x:1',
  LAKE_URL: 'file:///lake',
  WAREHOUSE_URL: 'postgres://w/d',
  QUARANTINE_KEY: 'k'.repeat(8),
  PII_KEY: 'p'.repeat(8),
};

function envOf(name: string): Record<string, string> {
  const spec = SERVICES.find((s) => s.name === name);
  if (!spec) throw new Error(`no service ${name}`);
  return serviceEnv(spec, given, platform, 1234);
}

describe('serviceEnv', () => {
  it('gives the loader the warehouse and keeps what the operator set besides', () => {
    expect(envOf('warehouse-loader')).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      SHOP_URL: 'postgres://shop/s',
      NATS_URL: 'nats://x:1',
      LAKE_URL: 'file:///lake',
      WAREHOUSE_URL: 'postgres://w/d',
      QUARANTINE_KEY: 'k'.repeat(8),
      HOST: '127.0.0.1',
      PORT: '1234',
    });
  });

  it('never tells an ingest service or the simulator where the warehouse is', () => {
    for (const name of ['ingest-logs', 'simulator']) {
      expect(Object.keys(envOf(name)).filter((key) => /WAREHOUSE|OPS/.test(key))).toEqual([]);
    }
  });

  it('keeps the simulator from sending where the platform is to stay empty, unless the operator says so', () => {
    const spec = SERVICES.find((s) => s.name === 'simulator');
    if (!spec) throw new Error('no simulator');
    expect(serviceEnv(spec, given, platform, 1, true)).toMatchObject({ EVENT_RATE: '0', ANSWERS_EVERY_SECONDS: '0' });
    expect(serviceEnv(spec, { ...given, EVENT_RATE: '5' }, platform, 1, true)['EVENT_RATE']).toBe('5');
    expect(Number(serviceEnv(spec, given, platform, 1)['EVENT_RATE'])).toBeGreaterThan(0);
  });

  it('has services with names and ports of their own', () => {
    expect(new Set(SERVICES.map((s) => s.name)).size).toBe(SERVICES.length);
    expect(new Set(SERVICES.map((s) => s.port)).size).toBe(SERVICES.length);
  });
});

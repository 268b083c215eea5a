import { describe, expect, it } from 'vitest';
import { serviceEnv, type RunMode } from './service-env.js';
import { SERVICES, specOf } from './service-specs.js';

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

const QUIET: RunMode = { idle: true, dev: false };
const BUSY: RunMode = { idle: false, dev: false };

function envOf(name: string, mode = BUSY): Record<string, string> {
  return serviceEnv(specOf(name), given, platform, 1234, mode);
}

describe('serviceEnv', () => {
  it('tells nobody how to reach the databases of the catalog but who reads them', () => {
    const settings = { 'cdc-extractor': { SHOP_URL: 'postgres://reader@shop/s' } };
    const sources = { names: ['SHOP_URL'], settings };
    const envFor = (name: string): Record<string, string> =>
      serviceEnv(specOf(name), given, platform, 1234, BUSY, sources);
    expect(envFor('cdc-extractor')['SHOP_URL']).toBe('postgres://reader@shop/s');
    for (const name of ['warehouse-loader', 'ingest-logs', 'reporting', 'simulator'])
      expect(envFor(name)['SHOP_URL']).toBeUndefined();
  });

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
    const spec = specOf('simulator');
    expect(envOf('simulator', QUIET)).toMatchObject({ EVENT_RATE: '0', ANSWERS_EVERY_SECONDS: '0' });
    expect(serviceEnv(spec, { ...given, EVENT_RATE: '5' }, platform, 1, QUIET)['EVENT_RATE']).toBe('5');
    expect(Number(envOf('simulator')['EVENT_RATE'])).toBeGreaterThan(0);
  });

  it('has services with names and ports of their own', () => {
    expect(new Set(SERVICES.map((s) => s.name)).size).toBe(SERVICES.length);
    expect(new Set(SERVICES.map((s) => s.port)).size).toBe(SERVICES.length);
  });

  it('lets reporting watch its folder only where somebody works on reports', () => {
    expect(envOf('reporting', { idle: false, dev: true })['REPORTS_WATCH']).toBe('true');
    expect(envOf('reporting')).not.toHaveProperty('REPORTS_WATCH');
    const off = serviceEnv(specOf('reporting'), { REPORTS_WATCH: 'false' }, platform, 1, { idle: false, dev: true });
    expect(off['REPORTS_WATCH']).toBe('false');
  });

  it('never tells reporting the keys, and the builder of the web app no address at all', () => {
    expect(Object.keys(envOf('reporting')).filter((key) => key.endsWith('_KEY'))).toEqual([]);
    expect(serviceEnv(specOf('web'), given, platform, undefined, BUSY)).toEqual({
      PATH: '/bin',
      LOG_LEVEL: 'debug',
      SHOP_URL: 'postgres://shop/s',
    });
  });
});

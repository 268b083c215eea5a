import { describe, expect, it } from 'vitest';
import { dropsPlace, loadConfig } from './config.js';

const LAKE = { LAKE_URL: 'file:///var/lib/rollcall' };

describe('loadConfig', () => {
  it('needs no more than the lake', () => {
    const config = loadConfig(LAKE);
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4310,
      CATALOG_DIR: 'catalog',
      HTTP_EVENT_BYTES: 1_000_000,
    });
    expect(dropsPlace(config)).toEqual({ url: 'file:///var/lib/rollcall/_drops', pollMs: 1000 });
  });

  it('looks at a bucket less often, unless told', () => {
    expect(dropsPlace(loadConfig({ ...LAKE, DROPS_URL: 's3://inbox' }))).toEqual({ url: 's3://inbox', pollMs: 15_000 });
    expect(dropsPlace(loadConfig({ ...LAKE, DROPS_POLL_SECONDS: '0.5' })).pollMs).toBe(500);
  });

  it('refuses to be open to the network without a token', () => {
    expect(() => loadConfig({ ...LAKE, HOST: '0.0.0.0' })).toThrow(
      /HOST: is not loopback, so INGEST_TOKEN is required/,
    );
    expect(loadConfig({ ...LAKE, HOST: '0.0.0.0', INGEST_TOKEN: 'secret' }).INGEST_TOKEN?.reveal()).toBe('secret');
  });

  it('names every fault and no value', () => {
    const load = () => loadConfig({ LAKE_URL: 'ftp://hunter2', PORT: 'many', HTTP_EVENT_BYTES: '9999999' });
    expect(load).toThrow(/LAKE_URL:.*\n.*PORT:.*\n.*HTTP_EVENT_BYTES:/s);
    expect(load).not.toThrow(/hunter2/);
  });
});

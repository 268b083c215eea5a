import { RollcallError } from '@rollcall/kernel';
import { expect, it } from 'vitest';
import { Health, type ReadyCheck } from './health.js';

const good: ReadyCheck = { name: 'good', check: () => Promise.resolve() };

it('is ready when every check holds', async () => {
  expect(await new Health([good]).readiness()).toEqual({ ready: true, checks: [{ name: 'good', ok: true }] });
  expect(await new Health([]).readiness()).toMatchObject({ ready: true });
});

it('names what is missing and the way out; of a foreign error only its kind', async () => {
  const schema = new RollcallError('nats/topology', 'stream LAKE is missing');
  const health = new Health([
    good,
    { name: 'topology', check: () => Promise.reject(schema) },
    { name: 'odd', check: () => Promise.reject(new TypeError('password=hunter2')) },
  ]);
  const { ready, checks } = await health.readiness();
  expect(ready).toBe(false);
  expect(checks).toEqual([
    { name: 'good', ok: true },
    { name: 'topology', ok: false, reason: `nats/topology: stream LAKE is missing. ${schema.hint}` },
    { name: 'odd', ok: false, reason: 'TypeError' },
  ]);
});

it('asks the world once for probes that come together', async () => {
  let asked = 0;
  const health = new Health([{ name: 'counted', check: () => Promise.resolve(void (asked += 1)) }]);
  await Promise.all([health.readiness(), health.readiness()]);
  await health.readiness();
  expect(asked).toBe(1);
});

it('is not ready once the service stops', async () => {
  const health = new Health([good]);
  expect(await health.readiness()).toMatchObject({ ready: true });
  health.stopping();
  expect(await health.readiness()).toMatchObject({ ready: false });
});

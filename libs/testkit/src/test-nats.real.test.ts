import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { expect, test } from 'vitest';
import { testNats, type TestNats } from './test-nats.js';

async function publish(nats: TestNats): Promise<number> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  await manager.streams.add({ name: 'KEPT', subjects: ['kept.>'] });
  const ack = await jetstream(connection).publish('kept.one', 'x');
  await connection.close();
  return ack.seq;
}

async function streams(nats: TestNats): Promise<string[]> {
  const connection = await connect({ servers: nats.url });
  const manager = await jetstreamManager(connection);
  const names: string[] = [];
  for await (const info of manager.streams.list()) names.push(`${info.config.name}:${info.state.messages}`);
  await connection.close();
  return names;
}

test('what JetStream acknowledged survives a kill, and a wiped store is empty', async () => {
  await using nats = await testNats();
  expect(await publish(nats)).toBe(1);
  await nats.kill();
  await nats.restart();
  expect(await streams(nats)).toEqual(['KEPT:1']);
  await nats.wipe();
  await nats.restart();
  expect(await streams(nats)).toEqual([]);
});

test('two servers at once do not meet', async () => {
  await using one = await testNats();
  await using two = await testNats();
  await publish(one);
  expect(one.port).not.toBe(two.port);
  expect(await streams(two)).toEqual([]);
});

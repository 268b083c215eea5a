import { CONSUMERS, STREAMS, TOPOLOGY_VERSION } from '@rollcall/contracts';
import { expect, it } from 'vitest';
import { consumerConfig, differingSettings, readTopologyMark, streamConfig, topologyMark } from './topology-config.js';

it('keeps the version in the description', () => {
  expect(readTopologyMark(topologyMark(12))).toBe(12);
  expect(['rollcall topology x', 'mine', '', undefined].map(readTopologyMark)).toEqual(Array(4).fill(undefined));
});

it('names settings that the server dropped or changed, and no others', () => {
  const wanted = { a: 1, b: ['x'], c: true };
  expect(differingSettings(wanted, { a: 1, b: ['x'], c: true, more: 1 })).toEqual([]);
  expect(differingSettings(wanted, { a: 2, b: ['x', 'y'] })).toEqual(['a', 'b', 'c']);
});

/** What nats-server 2.9 does not know; it would drop it without a word or refuse it. */
const TOO_NEW = [
  'filter_subjects',
  'metadata',
  'subject_transform',
  'compression',
  'first_seq',
  'allow_msg_ttl',
  'backoff',
];

it('asks for nothing that nats-server 2.9 lacks', () => {
  const configs: object[] = [...STREAMS.map((spec) => streamConfig(spec, 1)), ...CONSUMERS.map(consumerConfig)];
  for (const config of configs) {
    expect(Object.keys(config).filter((name) => TOO_NEW.includes(name))).toEqual([]);
    expect(config).toMatchObject({ description: topologyMark(TOPOLOGY_VERSION) });
  }
});

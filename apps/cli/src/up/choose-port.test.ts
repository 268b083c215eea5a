import { describe, expect, it } from 'vitest';
import { choosePort, type PortProbe } from './choose-port.js';
import { listeningInodes, programName } from './port-holder.js';

function probe(busy: readonly number[], free: readonly number[] = [50_000]): PortProbe {
  const left = [...free];
  return {
    isFree: async (port) => !busy.includes(port),
    anyFree: async () => left.shift() ?? 60_000,
    holder: async (port) => (port === 4222 ? { pid: 7, command: 'nats-server' } : undefined),
  };
}

describe('choosePort', () => {
  it('takes the first preferred port that is free', async () => {
    expect(await choosePort({ name: 'nats', preferred: [4222, 4223] }, new Set(), probe([]))).toEqual({ port: 4222 });
  });

  it('goes around a busy port and says who holds it', async () => {
    expect(await choosePort({ name: 'nats', preferred: [4222] }, new Set(), probe([4222]))).toEqual({
      port: 50_000,
      remark: 'nats: port 4222 is in use by nats-server (process 7); using 50000',
    });
  });

  it('never gives one port twice, and says nothing of a port it gave away itself', async () => {
    const chosen = await choosePort(
      { name: 'b', preferred: [4222] },
      new Set([4222, 50_000]),
      probe([], [50_000, 50_001]),
    );
    expect(chosen).toEqual({ port: 50_001 });
  });

  it('refuses when the port asked for is in use, naming the holder', async () => {
    const wish = { name: 'nats', explicit: 4222, preferred: [4223] };
    await expect(choosePort(wish, new Set(), probe([4222]))).rejects.toThrow(
      'port 4222 asked for nats is in use by nats-server (process 7)',
    );
    await expect(choosePort(wish, new Set([4222]), probe([]))).rejects.toThrow('another part of this run');
    expect(await choosePort(wish, new Set(), probe([]))).toEqual({ port: 4222 });
  });
});

describe('listeningInodes', () => {
  const table = [
    '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
    '   0: 0100007F:107E 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4242 1 0',
    '   1: 0100007F:107E 0100007F:9999 01 00000000:00000000 00:00000000 00000000     0        0 4343 1 0',
    '   2: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4444 1 0',
  ].join('\n');

  it('finds listeners of the port only', () => {
    expect(listeningInodes(table, 4222)).toEqual(['4242']);
    expect(listeningInodes(table, 80)).toEqual([]);
  });
});

describe('programName', () => {
  it.each([
    ['/usr/sbin/nats-server\0-c\0/etc/nats.conf\0', 'nats-server'],
    ['/usr/bin/node\0/srv/apps/ingest-logs/dist/main.js\0--token\0secret\0', 'node ingest-logs/dist/main.js'],
    ['node\0--eval\0secret\0', 'node'],
    ['postgres: checkpointer \0', 'postgres: checkpointer '],
    ['', 'a process'],
  ])('%j -> %s', (commandLine, name) => {
    expect(programName(commandLine)).toBe(name);
  });
});

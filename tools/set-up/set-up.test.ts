import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dataMember } from './deb.mjs';
import { isNewEnough } from './nats-server.mjs';
import { isInstalled } from './packages.mjs';
import { gist, quietly } from './step.mjs';

function member(name: string, content: string): string {
  const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
  return `${header}${String(content.length).padEnd(10)}\`\n${content}${content.length % 2 ? '\n' : ''}`;
}

test('the data of a Debian package is found behind members of odd length', () => {
  const deb = `!<arch>\n${member('debian-binary', '2.0\n')}${member('control.tar.xz/', 'odd')}${member('data.tar.zst/', 'DATA')}`;
  const found = dataMember(Buffer.from(deb, 'latin1'));
  expect(found.name).toBe('data.tar.zst');
  expect(found.bytes.toString()).toBe('DATA');
});

test('what is no package, or has no data, is named', () => {
  expect(() => dataMember(Buffer.from('<html>'))).toThrow('no ar archive');
  expect(() => dataMember(Buffer.from(`!<arch>\n${member('debian-binary', '2.0\n')}`))).toThrow('no data.tar');
});

test.each([
  ['nats-server: v2.9.10', true],
  ['nats-server: v2.10.27', true],
  ['nats-server: v3.0.0-RC.1', true],
  ['nats-server: v2.8.4', false],
  ['nats-server: v1.4.1', false],
  ['spawn nats-server ENOENT', false],
])('%s: new enough is %s', (text, expected) => {
  expect(isNewEnough(text)).toBe(expected);
});

test('packages count as installed when each one of the lock is there in its version', () => {
  const lock = {
    packages: {
      '': {},
      'libs/kernel': { version: '0.1.0' },
      'node_modules/@rollcall/kernel': { link: true },
      'node_modules/pg': { version: '8.0.0' },
      'node_modules/other-system': { version: '1.0.0', optional: true },
    },
  };
  const all = { 'node_modules/@rollcall/kernel': { link: true }, 'node_modules/pg': { version: '8.0.0' } };
  expect(isInstalled(lock, { packages: all })).toBe(true);
  expect(isInstalled(lock, { packages: { ...all, 'node_modules/pg': { version: '7.0.0' } } })).toBe(false);
  expect(isInstalled(lock, { packages: { 'node_modules/pg': { version: '8.0.0' } } })).toBe(false);
});

test('of a long output the first and the last lines are shown', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `line ${index}`);
  expect(gist(lines.join('\n')).split('\n')).toEqual([...lines.slice(0, 20), '…', ...lines.slice(-20)]);
  expect(gist('one\ntwo\n')).toBe('one\ntwo');
});

test('a program that is not there is an answer, not a crash', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-set-up-'));
  expect(await quietly(join(folder, 'none'), [])).toMatchObject({ code: 127 });
  expect(await quietly(process.execPath, ['-e', 'console.error("x"); process.exit(3)'])).toEqual({
    code: 3,
    output: 'x\n',
  });
  rmSync(folder, { recursive: true });
});

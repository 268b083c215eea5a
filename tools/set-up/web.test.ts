import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from './web.mjs';

let folder: string;
const write = (path: string, text: string): void => {
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), text);
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollcall-web-'));
  write('src/app.svelte', '<p>one</p>');
  write('src/router.ts', 'export const router = 1;');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the digest is the same as long as the sources are', async () => {
  const before = await digestOf([folder]);
  write('src/app.svelte', '<p>one</p>');
  write('src/router.test.ts', 'a test is not in the bundle');
  write('node_modules/x/index.js', 'installed');
  write('.svelte-check/log', 'a trace of a tool');
  expect(await digestOf([folder])).toBe(before);
});

test.each([
  ['another content', () => write('src/app.svelte', '<p>two</p>')],
  ['another name', () => write('src/other.svelte', '')],
  ['another file beside the folder', () => write('src/deep/er.ts', 'x')],
])('%s is another digest', async (_, change) => {
  const before = await digestOf([folder]);
  change();
  expect(await digestOf([folder])).not.toBe(before);
});

test('single files count too', async () => {
  const file = join(folder, 'src/router.ts');
  const before = await digestOf([file]);
  write('src/router.ts', 'export const router = 2;');
  expect(await digestOf([file])).not.toBe(before);
});

/**
 * Plants one violation of each rule that guards the architecture, lints the planted files, and fails when one of them
 * stays green: a lint that has quietly stopped working looks like a lint without findings.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './set-up/repository.mjs';

const PREFIX = 'lint-canary-';

/** Where, what, and the rule that must speak; without a rule the file must be clean. */
const PLANTS = [
  ['libs/lake/src', 'edge-imports-edge.ts', "export * from '@rollcall/messaging';", '@nx/enforce-module-boundaries'],
  [
    'libs/kernel/src',
    'kernel-imports-contracts.ts',
    "export * from '@rollcall/contracts';",
    '@nx/enforce-module-boundaries',
  ],
  ['libs/lake/src', 'edge-imports-reports.ts', "export * from '@rollcall/reports';", '@nx/enforce-module-boundaries'],
  ['libs/reports/src', 'reports-import-host.ts', "export * from '@rollcall/service';", '@nx/enforce-module-boundaries'],
  [
    'apps/reporting/web',
    'web-imports-warehouse.ts',
    "export { openWarehouse } from '@rollcall/warehouse';",
    'no-restricted-imports',
  ],
  ['apps/reporting/web', 'web-imports-server.ts', "export * from '../src/config.js';", 'no-restricted-imports'],
  [
    'apps/reporting/web',
    'web-imports-node.ts',
    "export { readFile } from 'node:fs/promises';",
    'no-restricted-imports',
  ],
  ['apps/reporting/web', 'web-shares-words.ts', "export { formatValue } from '@rollcall/reports/shown';", undefined],
  ['libs/testkit/src', 'testkit-imports-lake.ts', "export * from '@rollcall/lake';", '@nx/enforce-module-boundaries'],
  ['libs/lake/src', 'edge-imports-testkit.ts', "export * from '@rollcall/testkit';", '@nx/enforce-module-boundaries'],
  [
    'libs/lake/src',
    'relative-across.ts',
    "export * from '../../kernel/src/index.js';",
    '@nx/enforce-module-boundaries',
  ],
  [
    'apps/ingest-logs/src',
    'app-imports-app.ts',
    "export * from '../../simulator/src/main.js';",
    '@nx/enforce-module-boundaries',
  ],
  ['libs/lake/src', 'nest-in-edge.ts', "export { Injectable } from '@nestjs/common';", 'no-restricted-imports'],
  ['apps/ingest-logs/src', 'nest-in-app.ts', "export { Injectable } from '@nestjs/common';", 'no-restricted-imports'],
  ['libs/kernel/src', 'kernel-reads-files.ts', "export { readFile } from 'node:fs/promises';", 'no-restricted-imports'],
  ['libs/kernel/src', 'kernel-uses-package.ts', "export { z } from 'zod';", 'no-restricted-imports'],
  ['libs/contracts/src', 'contracts-use-package.ts', "export { parse } from 'yaml';", 'no-restricted-imports'],
  ['libs/lake/src', 'environment.ts', "export const url = process.env['LAKE_URL'];", 'no-restricted-syntax'],
  ['libs/lake/src', 'subject-literal.ts', "export const subject = 'lake.v1.batch-written';", 'no-restricted-syntax'],
  [
    'libs/lake/src',
    'subject-template.ts',
    'export const of = (d: string): string => `events.v1.${d}`;',
    'no-restricted-syntax',
  ],
  ['libs/lake/src', 'default-export.ts', 'export default 1;', 'no-restricted-syntax'],
  ['libs/lake/src', 'numeric-enum.ts', 'export enum Kind { A, B }', 'no-restricted-syntax'],
  ['libs/lake/src', 'any.ts', 'export function f(x: any): unknown { return x; }', '@typescript-eslint/no-explicit-any'],
  [
    'libs/lake/src',
    'bang.ts',
    'export const f = (x?: string): string => x!;',
    '@typescript-eslint/no-non-null-assertion',
  ],
  [
    'libs/lake/src',
    'floating.ts',
    'export function f(): void { Promise.resolve(1); }',
    '@typescript-eslint/no-floating-promises',
  ],
  [
    'libs/lake/src',
    'switch.ts',
    "export function f(x: 'a' | 'b'): void { switch (x) { case 'a': return; } }",
    '@typescript-eslint/switch-exhaustiveness-check',
  ],
  ['libs/lake/src', 'CamelCase.ts', 'export const a = 1;', 'rollcall/file-name'],
  ['libs/lake/src', 'too-long.ts', `export const a = 1;${'\n'.repeat(400)}`, 'max-lines'],
  ['libs/lake/src', 'testkit-in-a-test.test.ts', "export * from '@rollcall/testkit';", undefined],
  ['apps/ingest-logs/src', 'nest.module.ts', "export { Module } from '@nestjs/common';", undefined],
];

const files = PLANTS.map(([folder, name]) => join(repository, folder, PREFIX + name));

function removePlants() {
  for (const folder of new Set(PLANTS.map(([folder]) => folder))) {
    const left = readdirSync(join(repository, folder)).filter((name) => name.startsWith(PREFIX));
    for (const name of left) rmSync(join(repository, folder, name));
  }
}

function lint() {
  const eslint = join(repository, 'node_modules', 'eslint', 'bin', 'eslint.js');
  const options = { cwd: repository, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 };
  const { stdout, stderr } = spawnSync(process.execPath, [eslint, '--format', 'json', ...files], options);
  // Warnings of the boundary rule may stand before the report, which is one line.
  const report = stdout.split('\n').find((line) => line.startsWith('[{'));
  if (report === undefined) throw new Error(`eslint gave no report:\n${stdout}\n${stderr}`);
  return JSON.parse(report);
}

function faults(report) {
  return PLANTS.flatMap(([folder, name, , rule], index) => {
    const messages = report.find(({ filePath }) => filePath === files[index])?.messages;
    const spoken = (messages ?? [])
      .filter(({ severity }) => severity === 2)
      .map(({ ruleId }) => ruleId ?? 'parse error');
    const wanted = rule === undefined ? messages !== undefined && spoken.length === 0 : spoken.includes(rule);
    return wanted ? [] : [`${folder}/${name}: expected ${rule ?? 'no finding'}, got ${spoken.join(', ') || 'nothing'}`];
  });
}

process.on('exit', removePlants);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
removePlants();
PLANTS.forEach(([, , text], index) => writeFileSync(files[index], `${text}\n`));
const found = faults(lint());
if (found.length > 0) {
  console.error(`the lint has stopped guarding the architecture:\n  ${found.join('\n  ')}`);
  process.exitCode = 1;
} else {
  console.log(`canary: all ${PLANTS.length} planted files were judged as they should be`);
}

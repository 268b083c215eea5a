import { describe, expect, it } from 'vitest';
import { checkObjects } from './check-objects.mjs';
import { sampleObjects, sampleSettings } from './sample-objects.mjs';

type Sample = ReturnType<typeof sampleObjects>;

function faultsOf(spoil: (sample: Sample) => void): Promise<readonly string[]> {
  const sample = sampleObjects();
  spoil(sample);
  return checkObjects(sample.objects, { apps: ['door'], settings: sampleSettings(), sources: ['a.yaml'] });
}

describe('checkObjects', () => {
  it('finds nothing in an app in good order', async () => {
    expect(await faultsOf(() => undefined)).toEqual([]);
  });

  it.each<[string, (sample: any) => void, string]>([
    [
      'a misspelt field',
      (s) => (s.container.imagee = 'x:1'),
      'spec.template.spec.containers[0].imagee: unknown field of V1Container',
    ],
    ['a field of the wrong kind', (s) => (s.deployment.spec.replicas = 'two'), 'replicas'],
    ['a missing field', (s) => delete s.deployment.spec.selector, 'selector'],
    ['a map where a list belongs', (s) => (s.spec.volumes = { name: 'tmp' }), 'volumes'],
    ['a kind nobody knows', (s) => (s.service.kind = 'Servise'), 'knows no kind Servise'],
    ['a version nobody knows', (s) => (s.policy.apiVersion = 'networking.k8s.io/v7'), 'knows no kind NetworkPolicy'],
    ['an image :latest', (s) => (s.container.image = 'rollcall/door:latest'), 'is :latest'],
    ['an image without a tag', (s) => (s.container.image = 'registry:5000/rollcall/door'), 'has no tag'],
    ['an app that is not there', (s) => (s.container.image = 'rollcall/window:1'), 'is no app'],
    [
      'an app under another name',
      (s) => (s.deployment.spec.template.metadata.labels = { 'app.kubernetes.io/name': 'window' }),
      'under the name window',
    ],
    ['a root user', (s) => (s.spec.securityContext.runAsUser = 0), 'runAsUser'],
    [
      'a writable root file system',
      (s) => (s.container.securityContext.readOnlyRootFilesystem = false),
      'readOnlyRootFilesystem',
    ],
    ['kept capabilities', (s) => delete s.container.securityContext.capabilities, 'capabilities'],
    ['no limit of memory', (s) => delete s.container.resources.limits, 'no limit of memory'],
    ['no readiness', (s) => delete s.container.readinessProbe, 'no readinessProbe'],
    ['a probe of no port', (s) => (s.container.livenessProbe.httpGet.port = 'https'), 'livenessProbe asks port https'],
    ['a mount of no volume', (s) => (s.spec.volumes = []), 'mounts tmp'],
    ['no service account', (s) => (s.spec.serviceAccountName = 'doorman'), 'service account doorman'],
    ['a service of nobody', (s) => (s.service.spec.selector = { a: 'b' }), 'Service/door: selects 0'],
    ['a service to no port', (s) => (s.service.spec.ports[0].targetPort = 'https'), 'port https is none of'],
    ['a policy for all', (s) => (s.policy.spec.podSelector = {}), 'is for every pod'],
    [
      'a policy for nobody',
      (s) => (s.policy.spec.podSelector = { matchLabels: { a: 'b' } }),
      'no network policy of its own',
    ],
    [
      'a policy that lets in nobody',
      (s) => (s.policy.spec.ingress[0].from[0].podSelector.matchLabels = { a: 'b' }),
      'which no pod has',
    ],
    ['a ConfigMap that is not there', (s) => (s.map.metadata.name = 'door-2'), 'ConfigMap door-1 is not there'],
    ['a ConfigMap that is too large', (s) => (s.platform.data.LAKE_URL = 'x'.repeat(1024 * 1024)), 'more than 1048576'],
    [
      'a source that is not in the catalog given',
      (s) => s.objects.push({ ...s.map, metadata: { name: 'catalog-1a2b' }, data: { 'b.yaml': '' } }),
      'ConfigMap/catalog-1a2b: a.yaml is not in it',
    ],
    [
      'a secret in git',
      (s) => s.objects.push({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }),
      'secrets are not kept',
    ],
    ['a secret nobody makes', (s) => (s.container.envFrom[2].secretRef.name = 'unheard-of'), 'secret unheard-of'],
    [
      'a secret the app has no use for',
      (s) => s.container.envFrom.push({ secretRef: { name: 'warehouse' } }),
      'WAREHOUSE_URL of secret warehouse is no setting',
    ],
    ['a misspelt setting', (s) => (s.map.data.PROT = '1'), 'PROT of ConfigMap door-1 is no setting'],
    ['a setting of another app', (s) => (s.map.data.LAKE_URL = 's3://b'), 'LAKE_URL of ConfigMap door-1 is no setting'],
    ['a missing setting', (s) => s.container.envFrom.pop(), 'INGEST_TOKEN: is missing'],
    ['a value the app refuses', (s) => (s.map.data.PORT = 'http'), 'PORT: is not a port number'],
    ['another port than declared', (s) => (s.map.data.PORT = '8081'), 'listens on PORT 8081 and declares 8080'],
  ])('names %s', async (_, spoil, fault) => {
    expect((await faultsOf(spoil)).join('\n')).toContain(fault);
  });
});

/** A small app in good order, as kustomize would render it: what the tests of the checks spoil, one thing at a time. */
export function sampleObjects() {
  const labels = { 'app.kubernetes.io/name': 'door' };
  const container = {
    name: 'app',
    image: 'rollcall/door:1.0.0',
    ports: [{ name: 'http', containerPort: 8080 }],
    envFrom: [
      { configMapRef: { name: 'door-1' } },
      { configMapRef: { name: 'platform-1' } },
      { secretRef: { name: 'ingest-token' } },
    ],
    env: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=256 --max-semi-space-size=16' }],
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    resources: { requests: { cpu: '100m', memory: '384Mi' }, limits: { memory: '512Mi' } },
    livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
  const spec = {
    serviceAccountName: 'door',
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [container],
    volumes: [{ name: 'tmp', emptyDir: {} }],
  };
  const deployment = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'door', labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'door' },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  };
  const policy = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'door' },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ podSelector: { matchLabels: labels } }], ports: [{ protocol: 'TCP', port: 'http' }] }],
    },
  };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'door' } };
  const map = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'door-1' },
    data: { HOST: '0.0.0.0', PORT: '8080' },
  };
  const platform = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'platform-1' },
    data: { LAKE_URL: 's3://b' },
  };
  return {
    objects: [deployment, service, policy, account, map, platform],
    deployment,
    spec,
    container,
    service,
    policy,
    map,
    platform,
  };
}

/** The settings of the sample's app: LAKE_URL belongs to another one. */
export function sampleSettings() {
  const door = {
    known: new Set(['HOST', 'PORT', 'INGEST_TOKEN']),
    required: ['INGEST_TOKEN'],
    load(env) {
      const faults = [];
      if (env.INGEST_TOKEN === undefined) faults.push('INGEST_TOKEN: is missing');
      if (!/^\d+$/.test(env.PORT ?? '')) faults.push('PORT: is not a port number');
      if (faults.length > 0) throw new Error(faults.join('\n'));
    },
  };
  const other = { known: new Set(['LAKE_URL']), required: [], load: () => undefined };
  return new Map([
    ['door', door],
    ['other', other],
  ]);
}

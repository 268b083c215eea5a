import { containersOf, podsOf } from './pods.mjs';

/** Every pod is without rights, bounded and probed; what it refers to is there. */
export function checkPods(objects) {
  return podsOf(objects).flatMap((pod) => [
    ...rightsOf(pod),
    ...containersOf(pod.spec).flatMap((container) => [
      ...containerRights(pod, container),
      ...resourceFaults(pod, container),
      ...portFaults(pod, container),
      ...probeFaults(pod, container),
      ...mountFaults(pod, container),
    ]),
    ...serviceAccountFaults(pod, objects),
  ]);
}

function rightsOf({ name, spec }) {
  const context = spec.securityContext ?? {};
  return faults(name, [
    [context.runAsNonRoot === true, 'securityContext.runAsNonRoot is not true'],
    [context.runAsUser > 0, 'securityContext.runAsUser is not a user but root'],
    [context.seccompProfile?.type === 'RuntimeDefault', 'securityContext.seccompProfile is not RuntimeDefault'],
    [spec.automountServiceAccountToken === false, 'automountServiceAccountToken is not false'],
    [spec.hostNetwork !== true && spec.hostPID !== true, 'uses the host'],
  ]);
}

function containerRights({ name }, { name: container, securityContext = {} }) {
  const where = `${name}: container ${container}`;
  return faults(where, [
    [securityContext.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation is not false'],
    [securityContext.readOnlyRootFilesystem === true, 'readOnlyRootFilesystem is not true'],
    [securityContext.capabilities?.drop?.includes('ALL') === true, 'capabilities are not dropped'],
  ]);
}

function resourceFaults({ name }, { name: container, resources = {} }) {
  const where = `${name}: container ${container}`;
  return faults(where, [
    [resources.requests?.memory !== undefined, 'requests no memory'],
    [resources.requests?.cpu !== undefined, 'requests no cpu'],
    [resources.limits?.memory !== undefined, 'has no limit of memory'],
  ]);
}

function portFaults({ name }, { name: container, ports = [] }) {
  const names = ports.map((port) => port.name);
  return faults(`${name}: container ${container}`, [
    [names.every((port) => port !== undefined), 'has a port without a name'],
    [new Set(names).size === names.length, 'has two ports of one name'],
  ]);
}

/** What runs for ever is asked how it is, on ports it has; a Job ends and needs no probe. */
function probeFaults({ name, object }, container) {
  const where = `${name}: container ${container.name}`;
  const ports = new Set((container.ports ?? []).flatMap((port) => [port.name, port.containerPort]));
  const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].filter((probe) => container[probe] !== undefined);
  const missing = probes.flatMap((probe) => {
    const port = (container[probe].httpGet ?? container[probe].tcpSocket)?.port;
    return port === undefined || ports.has(port) ? [] : [`${where}: ${probe} asks port ${port}, which it has not`];
  });
  if (object.kind === 'Job') return missing;
  return [
    ...missing,
    ...faults(where, [
      [container.livenessProbe !== undefined, 'has no livenessProbe'],
      [container.readinessProbe !== undefined, 'has no readinessProbe'],
    ]),
  ];
}

function mountFaults({ name, object, spec }, { name: container, volumeMounts = [] }) {
  const claims = (object.spec.volumeClaimTemplates ?? []).map((claim) => claim.metadata.name);
  const volumes = new Set([...(spec.volumes ?? []).map((volume) => volume.name), ...claims]);
  return volumeMounts
    .filter((mount) => !volumes.has(mount.name))
    .map((mount) => `${name}: container ${container}: mounts ${mount.name}, which is no volume of the pod`);
}

function serviceAccountFaults({ name, spec }, objects) {
  const wanted = spec.serviceAccountName;
  if (wanted === undefined || objects.some((o) => o.kind === 'ServiceAccount' && o.metadata.name === wanted)) return [];
  return [`${name}: service account ${wanted} is not there`];
}

/** The sentences of the conditions that do not hold. */
function faults(where, conditions) {
  return conditions.filter(([holds]) => !holds).map(([, sentence]) => `${where}: ${sentence}`);
}

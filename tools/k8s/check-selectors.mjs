import { nameOf } from './render.mjs';
import { containersOf, podsOf, selects } from './pods.mjs';

/** Policies for the whole namespace, on purpose. */
const FOR_ALL = new Set(['deny-all', 'dns']);

/** Services, Deployments and network policies must take the pods they mean, on ports these have. */
export function checkSelectors(objects) {
  const pods = podsOf(objects);
  return objects.flatMap((object) => {
    switch (object.kind) {
      case 'Service':
        return serviceFaults(object, pods);
      case 'NetworkPolicy':
        return policyFaults(object, pods);
      case 'Deployment':
      case 'StatefulSet':
        return selects(object.spec.selector?.matchLabels, object.spec.template.metadata?.labels)
          ? []
          : [`${nameOf(object)}: its selector does not take its own pods`];
      default:
        return [];
    }
  });
}

/** Where policies are in use, every pod has one of its own, so that nothing is shut off by oversight. */
export function checkPolicyForEveryPod(objects) {
  const policies = objects.filter((o) => o.kind === 'NetworkPolicy' && !FOR_ALL.has(o.metadata.name));
  if (policies.length === 0) return [];
  return podsOf(objects)
    .filter(
      ({ template }) => !policies.some((p) => selects(p.spec.podSelector?.matchLabels, template.metadata?.labels)),
    )
    .map(({ name }) => `${name}: no network policy of its own`);
}

function serviceFaults(service, pods) {
  const name = nameOf(service);
  const taken = pods.filter(({ template }) => selects(service.spec.selector, template.metadata?.labels));
  if (taken.length !== 1) return [`${name}: selects ${taken.length} kinds of pods, not one`];
  return portsMissing(
    name,
    (service.spec.ports ?? []).map((port) => port.targetPort ?? port.port),
    taken,
  );
}

function policyFaults(policy, pods) {
  const name = nameOf(policy);
  const matchLabels = policy.spec.podSelector?.matchLabels ?? {};
  if (Object.keys(matchLabels).length === 0) {
    return FOR_ALL.has(policy.metadata.name) ? [] : [`${name}: is for every pod of the namespace`];
  }
  const taken = pods.filter(({ template }) => selects(matchLabels, template.metadata?.labels));
  if (taken.length === 0) return [`${name}: selects no pod`];
  const ports = (policy.spec.ingress ?? []).flatMap((rule) => (rule.ports ?? []).map((port) => port.port));
  return [...portsMissing(name, ports, taken), ...peerFaults(name, policy, pods)];
}

/** Those who are let in, or reached, by label must exist. */
function peerFaults(name, { spec }, pods) {
  const peers = [
    ...(spec.ingress ?? []).flatMap((r) => r.from ?? []),
    ...(spec.egress ?? []).flatMap((r) => r.to ?? []),
  ];
  return peers
    .filter((peer) => peer.podSelector !== undefined && peer.namespaceSelector === undefined)
    .map((peer) => peer.podSelector.matchLabels)
    .filter((labels) => !pods.some(({ template }) => selects(labels, template.metadata?.labels)))
    .map((labels) => `${name}: lets in or reaches ${JSON.stringify(labels)}, which no pod has`);
}

function portsMissing(name, ports, pods) {
  return pods.flatMap(({ name: pod, spec }) => {
    const known = containersOf(spec).flatMap(({ ports: own = [] }) => own.flatMap((p) => [p.name, p.containerPort]));
    return ports.filter((port) => !known.includes(port)).map((port) => `${name}: port ${port} is none of ${pod}`);
  });
}

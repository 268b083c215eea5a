import { nameOf } from './render.mjs';

/** What is open to people is encrypted, for every host, and leads to a service and a port that are there. */
export function checkIngress(objects) {
  return objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap((ingress) => {
      const { rules = [], tls = [] } = ingress.spec;
      const covered = new Set(
        tls.filter(({ secretName }) => secretName !== undefined).flatMap((one) => one.hosts ?? []),
      );
      const open = rules
        .filter(({ host }) => !covered.has(host))
        .map(({ host }) => `${host ?? '(every host)'} is not under tls, with a secret`);
      const backends = rules.flatMap((rule) => (rule.http?.paths ?? []).map((path) => path.backend));
      return [...open, ...backends.flatMap((backend) => backendFaults(backend, objects))].map(
        (fault) => `${nameOf(ingress)}: ${fault}`,
      );
    });
}

function backendFaults({ service }, objects) {
  const found = objects.find(({ kind, metadata }) => kind === 'Service' && metadata.name === service.name);
  if (found === undefined) return [`leads to service ${service.name}, which is not there`];
  const wanted = service.port.name ?? service.port.number;
  const ports = found.spec.ports.flatMap(({ name, port }) => [name, port]);
  return ports.includes(wanted) ? [] : [`leads to port ${wanted}, which service ${service.name} has not`];
}

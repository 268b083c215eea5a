import { appOfImage } from './check-apps.mjs';
import { imageFault } from './check-images.mjs';

/**
 * docker-compose.yaml: versions pinned, ports on loopback only, apps that exist and settings they know, our own without rights.
 * @param compose the parsed file
 * @param apps folders of apps/
 * @param settings app -> `appSettings` of it
 */
export function checkCompose(compose, apps, settings) {
  return Object.entries(compose.services ?? {}).flatMap(([name, service]) =>
    [
      ...[imageFault(service.image)].filter((fault) => fault !== undefined),
      ...(service.ports ?? [])
        .filter((port) => !String(port).startsWith('127.0.0.1:'))
        .map((port) => `port ${port} is not on loopback`),
      ...(service.build === undefined ? [] : ownFaults(service, apps, settings)),
      ...Object.keys(service.depends_on ?? {})
        .filter((other) => compose.services[other] === undefined)
        .map((other) => `depends on ${other}, which is not there`),
    ].map((fault) => `docker-compose.yaml: ${name}: ${fault}`),
  );
}

function ownFaults(service, apps, settings) {
  const app = service.build.args?.APP;
  const faults = [];
  if (!apps.includes(app)) faults.push(`builds ${app}, which is no app`);
  if (appOfImage(service.image) !== app) faults.push(`its image ${service.image} is not that of ${app}`);
  if (service.read_only !== true) faults.push('its root file system is not read-only');
  if (!service.cap_drop?.includes('ALL')) faults.push('capabilities are not dropped');
  const known = settings.get(app);
  if (known === undefined) return faults;
  const given = Object.keys(service.environment ?? {});
  const ofAnyApp = new Set([...settings.values()].flatMap((one) => [...one.known]));
  faults.push(
    ...given.filter((key) => !known.known.has(key) && !ofAnyApp.has(key)).map((key) => `${key} is no setting`),
  );
  faults.push(...known.required.filter((key) => !given.includes(key)).map((key) => `${key} is required and not given`));
  return faults;
}

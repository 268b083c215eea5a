import { nameOf } from './render.mjs';
import { containersOf, podsOf } from './pods.mjs';

/** What the API server takes: 1 MiB of data. */
const MAX_BYTES = 1024 * 1024;

/** ConfigMaps must fit, and those that pods refer to must be there. No Secret may be in the rendered text at all. */
export function checkConfigMaps(objects) {
  const maps = objects.filter((object) => object.kind === 'ConfigMap');
  const names = new Set(maps.map((map) => map.metadata.name));
  const sizes = maps
    .map((map) => ({ name: nameOf(map), bytes: bytesOf(map.data) + bytesOf(map.binaryData) }))
    .filter(({ bytes }) => bytes > MAX_BYTES)
    .map(({ name, bytes }) => `${name}: ${bytes} bytes, more than ${MAX_BYTES}`);
  const missing = podsOf(objects).flatMap(({ name, spec }) =>
    [...new Set(configMapsOf(spec))]
      .filter((map) => !names.has(map))
      .map((map) => `${name}: ConfigMap ${map} is not there`),
  );
  const secrets = objects
    .filter((object) => object.kind === 'Secret')
    .map((o) => `${nameOf(o)}: secrets are not kept in git`);
  return [...sizes, ...missing, ...secrets];
}

/**
 * A catalog given as a ConfigMap holds every source of the catalog.
 * @param sources names of the files in catalog/
 */
export function checkCatalogMap(objects, sources) {
  return objects
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && /^catalog(-[a-z0-9]+)?$/.test(metadata.name))
    .flatMap((map) =>
      sources
        .filter((source) => map.data?.[source] === undefined)
        .map((source) => `${nameOf(map)}: ${source} is not in it: list it in catalog/Kustomization`),
    );
}

function configMapsOf(spec) {
  const fromEnv = containersOf(spec).flatMap(({ envFrom = [], env = [] }) => [
    ...envFrom.map((source) => source.configMapRef),
    ...env.map((variable) => variable.valueFrom?.configMapKeyRef),
  ]);
  const fromVolumes = (spec.volumes ?? []).map((volume) => volume.configMap);
  return [...fromEnv, ...fromVolumes]
    .filter((reference) => reference !== undefined && reference.optional !== true)
    .map((reference) => reference.name);
}

function bytesOf(data) {
  return Object.entries(data ?? {}).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
}

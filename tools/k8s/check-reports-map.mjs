import { containersOf, podsOf } from './pods.mjs';
import { nameOf } from './render.mjs';

const isReports = (name) => /^reports(-[a-z0-9]+)?$/.test(name ?? '');

/** A path as a key of a ConfigMap, which holds no slash. */
export const keyOf = (path) => path.replaceAll('/', '.');

/**
 * Reports given as a ConfigMap are whole: every file of every folder is in it, and each pod that mounts it sees each file at its place.
 * @param files paths below reports/, such as `answers_per_session/view.sql`
 */
export function checkReportsMap(objects, files) {
  const maps = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && isReports(metadata.name));
  const notListed = maps.flatMap((map) =>
    files
      .filter((file) => map.data?.[keyOf(file)] === undefined)
      .map((file) => `${nameOf(map)}: ${file} is not in it: list it in reports/Kustomization`),
  );
  return [...notListed, ...podsOf(objects).flatMap((pod) => mountFaults(pod, files))];
}

function mountFaults({ name, spec }, files) {
  const volumes = (spec.volumes ?? []).filter((volume) => isReports(volume.configMap?.name));
  return volumes.flatMap((volume) => {
    const items = volume.configMap.items ?? [];
    const missing = files
      .filter((file) => !items.some(({ key, path }) => key === keyOf(file) && path === file))
      .map((file) => `${name}: ${file} is not mounted: list it in k8s/components/reports/deployment.yaml`);
    const gone = items
      .filter(({ path }) => !files.includes(path))
      .map(({ path }) => `${name}: mounts ${path}, which is no file of reports/`);
    return [...missing, ...gone, ...placeFaults(name, spec, volume)];
  });
}

/** Mounted somewhere else than where the app looks, they would be served from the image. */
function placeFaults(name, spec, volume) {
  return containersOf(spec).flatMap(({ env = [], volumeMounts = [] }) => {
    const mount = volumeMounts.find((one) => one.name === volume.name);
    const looksAt = env.find((variable) => variable.name === 'REPORTS_DIR')?.value;
    return mount === undefined || mount.mountPath === looksAt
      ? []
      : [`${name}: mounts reports at ${mount.mountPath} and looks for them at ${looksAt ?? '(its default)'}`];
  });
}

import { checkAppImages } from './check-apps.mjs';
import { checkCatalogMap, checkConfigMaps } from './check-config-maps.mjs';
import { checkImages } from './check-images.mjs';
import { checkIngress } from './check-ingress.mjs';
import { checkPods } from './check-pods.mjs';
import { checkReportsMap } from './check-reports-map.mjs';
import { checkSchema } from './check-schema.mjs';
import { checkPolicyForEveryPod, checkSelectors } from './check-selectors.mjs';
import { checkSettings } from './check-settings.mjs';

/** All faults of the rendered objects of one overlay. Where an object does not fit the API, that is said first and alone. */
export async function checkObjects(objects, { apps, settings, sources = [], reportFiles = [] }) {
  const schema = (await Promise.all(objects.map((object) => checkSchema(object)))).flat();
  if (schema.length > 0) return schema;
  return [
    ...checkImages(objects),
    ...checkPods(objects),
    ...checkSelectors(objects),
    ...checkPolicyForEveryPod(objects),
    ...checkConfigMaps(objects),
    ...checkCatalogMap(objects, sources),
    ...checkReportsMap(objects, reportFiles),
    ...checkIngress(objects),
    ...checkAppImages(objects, apps),
    ...checkSettings(objects, settings),
  ];
}

import { checkAppImages } from './check-apps.mjs';
import { checkCatalogMap, checkConfigMaps } from './check-config-maps.mjs';
import { checkImages } from './check-images.mjs';
import { checkPods } from './check-pods.mjs';
import { checkSchema } from './check-schema.mjs';
import { checkPolicyForEveryPod, checkSelectors } from './check-selectors.mjs';
import { checkSettings } from './check-settings.mjs';

/** All faults of the rendered objects of one overlay. Where an object does not fit the API, that is said first and alone. */
export async function checkObjects(objects, { apps, settings, sources = [] }) {
  const schema = (await Promise.all(objects.map((object) => checkSchema(object)))).flat();
  if (schema.length > 0) return schema;
  return [
    ...checkImages(objects),
    ...checkPods(objects),
    ...checkSelectors(objects),
    ...checkPolicyForEveryPod(objects),
    ...checkConfigMaps(objects),
    ...checkCatalogMap(objects, sources),
    ...checkAppImages(objects, apps),
    ...checkSettings(objects, settings),
  ];
}

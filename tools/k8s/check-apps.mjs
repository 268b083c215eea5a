import { nameOf } from './render.mjs';
import { podsOf } from './pods.mjs';

/** Apps that only stand in an overlay for trial. */
const TRIAL_APPS = new Set(['simulator']);

/**
 * Every app that is a service has a folder in k8s/base, and every folder there is an app.
 * @param services folders of apps/ that hold a service (they have a config.ts)
 * @param bases folders of k8s/base
 */
export function checkApps(services, bases) {
  const missing = services
    .filter((app) => !TRIAL_APPS.has(app) && !bases.includes(app))
    .map((app) => `apps/${app} is a service and has no folder k8s/base/${app}`);
  const extra = bases
    .filter((base) => !services.includes(base))
    .map((base) => `k8s/base/${base} is no service of apps/`);
  return [...missing, ...extra];
}

/** Images `rollcall/<app>` must be apps that exist, and their pods must carry the app's name. */
export function checkAppImages(objects, apps) {
  return podsOf(objects).flatMap(({ object, spec, template }) =>
    (spec.containers ?? []).flatMap((container) => {
      const app = appOfImage(container.image);
      if (app === undefined) return [];
      if (!apps.includes(app)) return [`${nameOf(object)}: image ${container.image} is no app`];
      const label = template.metadata?.labels?.['app.kubernetes.io/name'];
      return object.kind === 'Job' || label === app ? [] : [`${nameOf(object)}: runs ${app} under the name ${label}`];
    }),
  );
}

/** `ingest-logs` of `registry/rollcall/ingest-logs:0.1.0`; undefined for images of others. */
export function appOfImage(image) {
  return /(?:^|\/)rollcall\/([a-z0-9-]+)(?:[:@]|$)/.exec(image ?? '')?.[1];
}

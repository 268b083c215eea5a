import { appOfImage } from './check-apps.mjs';
import { nameOf } from './render.mjs';
import { podsOf } from './pods.mjs';
import { trialValues } from './trial-secrets.mjs';

/** Read by Node, by the OpenTelemetry SDK and by the AWS SDK, not by the apps. */
const NOT_OURS = /^(NODE_OPTIONS|OTEL_.+|AWS_(REGION|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN))$/;

/**
 * The environment that each pod of an app gets, with trial values in place of its secrets: nothing misspelt, no secret it has no use for, the
 * app itself can load it, and the port it listens on is the one it declares.
 * @param settings app -> `appSettings` of it
 */
export function checkSettings(objects, settings) {
  const maps = new Map(objects.filter((o) => o.kind === 'ConfigMap').map((o) => [o.metadata.name, o.data ?? {}]));
  const ofAnyApp = new Set([...settings.values()].flatMap(({ known }) => [...known]));
  return podsOf(objects).flatMap(({ object, spec }) =>
    (spec.containers ?? []).flatMap((container) => {
      const app = settings.get(appOfImage(container.image));
      const { faults, given, env } = environmentOf(container, maps);
      const all =
        app === undefined
          ? faults
          : [...faults, ...unknownFaults(app, given, ofAnyApp), ...loadFaults(app, env), ...portFaults(container, env)];
      return all.map((fault) => `${nameOf(object)}: ${fault}`);
    }),
  );
}

/**
 * `given`: each place a setting comes from; `env`: what the process sees in the end, where later sources win over earlier ones and `env` over
 * all, as in Kubernetes.
 */
function environmentOf({ env: variables = [], envFrom = [] }, maps) {
  const given = [];
  const faults = [];
  const secrets = trialValues();
  const add = (values, from, shared = false) => {
    for (const [name, value] of Object.entries(values)) given.push({ name, value, from, shared });
  };
  for (const { configMapRef, secretRef } of envFrom) {
    // The platform's settings go to every app, also those that an app has no use for.
    const map = configMapRef?.name;
    if (map !== undefined) add(maps.get(map) ?? {}, `ConfigMap ${map}`, map.startsWith('platform'));
    const secret = secretRef?.name;
    if (secret !== undefined) add(secrets[secret] ?? {}, `secret ${secret}`);
    if (secret !== undefined && secrets[secret] === undefined) {
      faults.push(`secret ${secret} is not among those of tools/k8s/trial-secrets.mjs`);
    }
  }
  for (const { name, value } of variables) add({ [name]: value }, 'env');
  return { given, env: Object.fromEntries(given.map(({ name, value }) => [name, value])), faults };
}

function unknownFaults({ known }, given, ofAnyApp) {
  return given
    .filter(({ name }) => !known.has(name.replace(/_FILE$/, '')) && !NOT_OURS.test(name))
    .filter(({ name, shared }) => !(shared && ofAnyApp.has(name)))
    .map(({ name, from }) => `${name} of ${from} is no setting of the app`);
}

/** What the app itself would say at its start, in a cluster. */
function loadFaults({ load }, env) {
  try {
    load({ ...env, KUBERNETES_SERVICE_HOST: '10.0.0.1' });
    return [];
  } catch (error) {
    return error.message.split('\n');
  }
}

function portFaults(container, { PORT: port }) {
  const declared = (container.ports ?? []).find(({ name }) => name === 'http')?.containerPort;
  if (declared === undefined || port === String(declared)) return [];
  return [`listens on PORT ${port ?? '(its default)'} and declares ${declared}`];
}

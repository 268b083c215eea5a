import { nameOf } from './render.mjs';
import { unknownFields } from './unknown-fields.mjs';

/**
 * Faults of an object against the API of Kubernetes: fields that are missing or of the wrong kind (kubernetes-models), fields that do not
 * exist (the type maps of the official client). Either alone accepts half of the mistakes.
 */
export async function checkSchema(object) {
  const name = nameOf(object);
  const Model = await modelOf(object);
  if (Model === undefined) return [`${name}: ${object.apiVersion} knows no kind ${object.kind}`];
  const faults = [];
  try {
    new Model(object).validate();
  } catch (error) {
    faults.push(...error.message.split('\n').map((line) => `${name}: ${line}`));
  }
  const client = await import('@kubernetes/client-node');
  faults.push(...unknownFields(object, clientClassOf(client, object), client).map((fault) => `${name}: ${fault}`));
  return faults;
}

async function modelOf({ apiVersion, kind }) {
  try {
    const models = await import(`kubernetes-models/${apiVersion}`);
    return models[kind];
  } catch (error) {
    // Node has a code for it, the loader of the tests only a sentence.
    if (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || /is not exported/.test(error.message)) return undefined;
    throw error;
  }
}

/** `apps/v1` Deployment is V1Deployment, `autoscaling/v2` HorizontalPodAutoscaler is V2HorizontalPodAutoscaler. */
function clientClassOf(client, { apiVersion, kind }) {
  const version = apiVersion.split('/').at(-1);
  return client[`${version[0].toUpperCase()}${version.slice(1)}${kind}`];
}

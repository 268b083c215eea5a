import { nameOf } from './render.mjs';

/** The pods that objects make: object, pod template, name for faults. */
export function podsOf(objects) {
  return objects
    .filter((object) => object.spec?.template?.spec !== undefined)
    .map((object) => ({
      object,
      name: nameOf(object),
      template: object.spec.template,
      spec: object.spec.template.spec,
    }));
}

export function containersOf(spec) {
  return [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
}

/** Whether a selector of labels takes a set of labels. */
export function selects(matchLabels, labels) {
  return Object.entries(matchLabels ?? {}).every(([key, value]) => labels?.[key] === value);
}

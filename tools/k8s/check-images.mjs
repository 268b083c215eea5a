import { containersOf, podsOf } from './pods.mjs';

/** Images must say which version they are: a tag that is not `latest`, or a digest. */
export function checkImages(objects) {
  return podsOf(objects).flatMap(({ name, spec }) =>
    containersOf(spec).flatMap((container) => {
      const fault = imageFault(container.image);
      return fault === undefined ? [] : [`${name}: container ${container.name}: ${fault}`];
    }),
  );
}

/** What is wrong with an image's name; undefined when nothing is. */
export function imageFault(image) {
  if (typeof image !== 'string' || image === '') return 'has no image';
  if (image.includes('@sha256:')) return undefined;
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag === undefined) return `image ${image} has no tag`;
  return tag === 'latest' ? `image ${image} is :latest` : undefined;
}

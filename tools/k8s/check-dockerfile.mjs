/**
 * What can be said of the Dockerfile without building it.
 * @param text the Dockerfile
 * @param world `{ exists(path), included(path), manifests, native, nodeVersion }`: whether a path of the repository is there, whether
 *   .dockerignore lets it through, the package.json files of all workspaces, packages whose program is an optional package of its own, the
 *   version of Node in package.json
 */
export function checkDockerfile(text, world) {
  const sources = copySources(text);
  return [
    ...sources.filter((path) => !world.exists(path)).map((path) => `copies ${path}, which is not there`),
    ...sources
      .filter((path) => world.exists(path) && !world.included(path))
      .map((path) => `copies ${path}, which .dockerignore keeps out`),
    ...world.manifests
      .filter((path) => !sources.includes(path))
      .map((path) => `does not copy ${path}: npm ci would not know that workspace`),
    ...nativeFaults(text, world.native),
    ...nodeFaults(text, world.nodeVersion),
    ...(/^USER\s+[1-9]\d*(:\d+)?\s*$/m.test(text) ? [] : ['does not switch to a user by number that is not root']),
  ].map((fault) => `Dockerfile ${fault}`);
}

/** Sources of COPY from the build context; those with `--from` come from another stage. */
function copySources(text) {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^COPY\s/.test(line) && !line.includes('--from='))
    .flatMap((line) => line.split(/\s+/).slice(1, -1))
    .filter((word) => !word.startsWith('--'));
}

/** Where optional packages are left out, each native one that we need is copied with its whole scope. */
function nativeFaults(text, native) {
  if (!text.includes('--omit=optional')) return [];
  const copied = new Set(
    [...text.matchAll(/^COPY --from=\S+ \/app\/node_modules\/(@[\w-]+) /gm)].map(([, scope]) => scope),
  );
  return native
    .filter((name) => !copied.has(name.split('/')[0]))
    .map((name) => `leaves optional packages out, and with them the program of ${name}`);
}

function nodeFaults(text, nodeVersion) {
  const image = /^ARG NODE_IMAGE=(\S+)$/m.exec(text)?.[1] ?? '';
  return image.startsWith(`node:${nodeVersion}-`)
    ? []
    : [`builds on ${image || 'no pinned Node'}, package.json on ${nodeVersion}`];
}

/** Whether .dockerignore lets a path through: the last line that takes it, or a folder above it, decides. */
export function includedBy(ignoreText) {
  const rules = ignoreText
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => ({ keep: line.startsWith('!'), pattern: patternOf(line.replace(/^!/, '')) }));
  return (path) => rules.reduce((kept, { keep, pattern }) => (pattern.test(path) ? keep : kept), true);
}

function patternOf(text) {
  const source = text
    .replace(/[.+^$()|[\]{}]/g, '\\$&')
    .replace(/\*\*\//g, '(?:.+/)?')
    .replace(/(?<!\.)\*/g, '[^/]*');
  return new RegExp(`^${source}(?:/.*)?$`);
}

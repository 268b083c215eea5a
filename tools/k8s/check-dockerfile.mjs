/**
 * What can be said of the Dockerfile without building it.
 * @param text the Dockerfile
 * @param world `{ exists(path), included(path), manifests, nodeVersion }`: whether a path of the repository is there, whether .dockerignore
 *   lets it through, the package.json files of all workspaces, the version of Node in package.json
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

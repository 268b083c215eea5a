import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';

const run = promisify(execFile);

/** Programs that can render a kustomization, in the order they are tried. */
const RENDERERS = [
  { program: 'kubectl', args: ['kustomize'] },
  { program: 'kustomize', args: ['build'] },
];

const NONE =
  'neither kubectl nor kustomize is on the PATH: install one of them (https://kubernetes.io/docs/tasks/tools/) to check k8s/';

/** The rendered objects of a folder with a kustomization. Throws an Error with one sentence when it does not render. */
export async function render(folder) {
  for (const { program, args } of RENDERERS) {
    try {
      const { stdout } = await run(program, [...args, folder], { maxBuffer: 64 * 1024 * 1024 });
      return parseObjects(stdout);
    } catch (error) {
      if (error.code === 'ENOENT') continue;
      throw new Error(`${folder} does not render: ${String(error.stderr ?? error.message).trim()}`, { cause: error });
    }
  }
  throw new Error(NONE);
}

/** The objects of a YAML text with several documents. */
export function parseObjects(text) {
  const documents = parseAllDocuments(text);
  for (const document of documents) {
    if (document.errors.length > 0) throw new Error(`not YAML: ${document.errors[0].message}`);
  }
  return documents.map((document) => document.toJS()).filter((object) => object !== null);
}

/** `Deployment/ingest-logs`: how a fault names an object. */
export function nameOf(object) {
  return `${object.kind ?? '(no kind)'}/${object.metadata?.name ?? '(no name)'}`;
}

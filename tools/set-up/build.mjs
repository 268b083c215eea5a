import { join } from 'node:path';
import { repository } from './repository.mjs';
import { gist, quietly, SetUpError, step } from './step.mjs';
import { environment, node24 } from './under-node.mjs';
import { buildWeb } from './web.mjs';

/** Compiles and bundles what has changed; when nothing has, both know in a moment. */
export async function build() {
  await compile();
  await buildWeb();
}

async function compile() {
  await step('build (tsc -b)', async () => {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await quietly(node24, [tsc, '-b', '--pretty', 'false'], { env: environment() });
    if (code !== 0) throw new SetUpError(`the build failed:\n${gist(output)}`);
  });
}

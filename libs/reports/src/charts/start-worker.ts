import { Worker } from 'node:worker_threads';

/**
 * Node strips the types of a source file by itself but does not look for `x.ts` where the source imports `./x.js`; this makes it look.
 * Only where the sources run unbuilt, as in tests.
 */
export const FROM_SOURCE = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!specifier.startsWith('.') || !specifier.endsWith('.js')) throw error;
        return next(specifier.slice(0, -3) + '.ts', context);
      }
    },
  });
`)}`;

/** A new thread that draws charts. */
export function startWorker(): Worker {
  const unbuilt = import.meta.url.endsWith('.ts');
  const file = new URL(`./render-worker.${unbuilt ? 'ts' : 'js'}`, import.meta.url);
  return new Worker(file, {
    execArgv: unbuilt ? ['--import', FROM_SOURCE] : [],
    resourceLimits: { maxOldGenerationSizeMb: 512 },
    name: 'chart-renderer',
  });
}

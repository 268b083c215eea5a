import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Apps whose settings are not in config.js. */
const ELSEWHERE = { cli: 'settings/cli-settings' };

/**
 * The settings an app knows, from its compiled config; of an app that reads the sources of the catalog, their addresses too.
 * @param catalog as `loadCatalog` gives it
 * @returns `known` and `required` names of environment variables; `load`, which throws with one line a fault when an environment does not do
 * @throws Error when the app is not built, or its config is not of the usual form
 */
export async function appSettings(repository, app, catalog) {
  const path = `${ELSEWHERE[app] ?? 'config'}.js`;
  const file = join(repository, 'apps', app, 'dist', path);
  if (!existsSync(file)) throw new Error(`apps/${app}/dist/${path} is not there: npm run build`);
  const module = await import(pathToFileURL(file).href);
  const schema = Object.values(module).find(isSettings);
  const load = module.loadConfig ?? module.parseSettings;
  if (schema === undefined || load === undefined)
    throw new Error(`${file} has no schema of settings, or no loadConfig`);
  const names = Object.keys(schema.shape);
  const ofSources = module.connectionNames?.(catalog) ?? [];
  return {
    known: new Set([...names, ...ofSources]),
    required: [...names.filter((name) => !schema.shape[name].safeParse(undefined).success), ...ofSources],
    load: (env) => {
      load(env);
      module.sourceUrls?.(catalog, env);
    },
  };
}

/** A zod object whose keys are names of environment variables. */
function isSettings(exported) {
  const names = Object.keys(exported?.shape ?? {});
  return names.length > 0 && names.every((name) => /^[A-Z][A-Z0-9_]*$/.test(name));
}

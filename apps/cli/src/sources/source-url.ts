import { readFile } from 'node:fs/promises';
import type { Source } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { OpenedSettings } from '../settings/open-settings.js';

/**
 * How a source is reached: the setting that the catalog names, of the environment, `.env` or the platform that `up` runs.
 * @throws RollcallError config/invalid when nothing says it
 */
export async function sourceUrl(opened: OpenedSettings, source: Source): Promise<string> {
  const name = source.connection ?? '';
  const given = opened.given[name];
  if (given !== undefined) return given;
  const file = opened.given[`${name}_FILE`];
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new RollcallError('config/invalid', `${name}_FILE: the file it names cannot be read`, { cause });
    });
    return text.trim();
  }
  const own = opened.sources[name];
  if (own !== undefined) return own;
  throw new RollcallError(
    'config/invalid',
    `${name} is not set: ${source.file} names it as the connection of source ${source.source}`,
  );
}

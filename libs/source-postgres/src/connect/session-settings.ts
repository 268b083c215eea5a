import { SOURCE_SETTINGS } from '../codecs/source-settings.js';

/** What the forms of values rely on: setting -> value. */
const WANTED: readonly (readonly [name: string, value: string])[] = [
  ...SOURCE_SETTINGS.matchAll(/-c (\w+)=(\S+)/g),
].map(([, name = '', value = '']) => [name, value]);

/** Asks what they are in this session. Without parameters: a connection for replication takes none. */
export const SESSION_SETTINGS = `SELECT ${WANTED.map(([name]) => `pg_catalog.current_setting('${name}') AS "${name}"`).join(', ')}`;

/**
 * The first setting that is not as it was asked for, with what it is: somebody between us and the server, such as a pooler, dropped it, and values would
 * come in forms that are read as others. Undefined: all are. Pure.
 */
export function droppedSetting(session: Readonly<Record<string, string>>): string | undefined {
  const found = WANTED.find(([name, value]) => {
    // `ISO, MDY`: the second part is about what is written, not read.
    const [is = ''] = (session[name] ?? '').split(',');
    return is.toLowerCase() !== value.toLowerCase();
  });
  return found && `${found[0]} is ${session[found[0]] ?? 'not told'}, not ${found[1]}`;
}

import { readFileSync } from 'node:fs';
import { RollcallError } from '@rollcall/kernel';
import type { z } from 'zod';

/** Environment variables, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings from the environment by a zod object whose keys are the variables' names. For every NAME the file named by NAME_FILE is
 * read instead when that is set (mounted secrets); an empty variable counts as absent. The result is frozen.
 * Throws RollcallError config/invalid with one line a fault, by name, never with a value.
 */
export function loadEnvConfig<S extends z.ZodObject>(schema: S, env: Env): Readonly<z.output<S>> {
  const faults: string[] = [];
  const raw: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const found = readSetting(name, env);
    if (found.fault !== undefined) faults.push(found.fault);
    else if (found.value !== undefined) raw[name] = found.value;
  }
  const unread = new Set(faults.map((fault) => fault.split(':', 1)[0]));
  const parsed = schema.safeParse(raw);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0] ?? 'settings');
    if (unread.has(name)) continue;
    const isMissing = issue.code !== 'custom' && issue.path.length > 0 && !(name in raw);
    faults.push(`${name}: ${isMissing ? 'is missing' : issue.message}`);
  }
  if (faults.length > 0 || !parsed.success) throw new RollcallError('config/invalid', faults.join('\n'));
  return Object.freeze(parsed.data);
}

interface Reading {
  readonly value?: string;
  readonly fault?: string;
}

function readSetting(name: string, env: Env): Reading {
  const value = env[name];
  const file = env[`${name}_FILE`];
  if (file === undefined || file === '') return value === undefined || value === '' ? {} : { value };
  if (value !== undefined && value !== '') return { fault: `${name}: is set twice, also by ${name}_FILE` };
  try {
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
    return text === '' ? { fault: `${name}: the file of ${name}_FILE is empty` } : { value: text };
  } catch {
    return { fault: `${name}: the file of ${name}_FILE cannot be read` };
  }
}

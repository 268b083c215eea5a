import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';

const mark = z.object({ name: z.string(), pid: z.number().int().positive(), startTicks: z.string().optional() });

/** What the demo sent, per dataset: what must arrive. */
const demoPart = z.object({
  dataset: z.string(),
  via: z.enum(['drop', 'bus', 'database']),
  /** Records sent, repeats and dirty ones too. */
  sent: z.number().int().nonnegative(),
  /** Records that must stand in the warehouse: distinct and clean. */
  distinct: z.number().int().nonnegative(),
  /** Records that must stand in quarantine. */
  malformed: z.number().int().nonnegative(),
  /** Sessions by gap that must come out of them. */
  sessions: z.number().int().nonnegative().optional(),
});
export type DemoPart = z.output<typeof demoPart>;

function newKey(): string {
  return randomBytes(32).toString('base64url');
}

/** Everything `rollcall up` keeps between two starts. Secrets stand in it: mode 0600. */
const stateSchema = z.object({
  format: z.literal(1),
  /** `biPassword`: of `bi_reader` in the warehouse that runs here. `sourcePassword`: of the role that reads the demo's databases. */
  secrets: z.object({
    quarantineKey: z.string(),
    piiKey: z.string(),
    biPassword: z.string().default(newKey),
    sourcePassword: z.string().default(newKey),
  }),
  /** Ports of services, by name; servers remember theirs beside their data. */
  ports: z.record(z.string(), z.number().int()),
  /** `settings`: how to reach the platform that runs (or ran last): the layer below `.env` for every other command. */
  settings: z.record(z.string(), z.string()),
  /** How the databases of the catalog are reached: setting -> connection, of those that `up` runs. */
  sources: z.record(z.string(), z.string()).default({}),
  /** `until`: the instant the demo's data ends at. `arrived`: all of it was seen in the warehouse, to the row. */
  demo: z.object({ seed: z.string(), until: z.string(), parts: z.array(demoPart), arrived: z.boolean() }).optional(),
  /** Service processes of the run in hand, to be stopped by the next one if this one is killed. */
  running: z.array(mark),
});
export type UpState = z.output<typeof stateSchema>;

/** The state of a folder that has none yet: new keys, nothing running. */
export function newState(): UpState {
  return {
    format: 1,
    secrets: { quarantineKey: newKey(), piiKey: newKey(), biPassword: newKey(), sourcePassword: newKey() },
    ports: {},
    settings: {},
    sources: {},
    running: [],
  };
}

/**
 * Reads the state; undefined when there is none.
 * @throws RollcallError config/invalid when it is no state of this release
 */
export async function readState(path: string): Promise<UpState | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new RollcallError('config/invalid', `${path} cannot be read`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return stateSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new RollcallError('config/invalid', `${path} is not a state file of this release: start over with --fresh`, {
      cause,
    });
  }
}

/** Writes the state in one step, readable by its owner only. */
export async function writeState(path: string, state: UpState): Promise<void> {
  await writePrivate(path, `${JSON.stringify(state, null, 2)}\n`);
}

/** Writes a file in one step with mode 0600, also where it stood with another mode before. */
export async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  await writeFile(draft, text, { mode: 0o600 });
  await chmod(draft, 0o600);
  await rename(draft, path);
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { z } from 'zod';
import { markOf, stillRuns, type ProcessMark } from './running-process.js';

const lockFile = z.object({ pid: z.number().int().positive(), startTicks: z.string().optional(), since: z.string() });

const TAKEOVER_STALE_MS = 10_000;

export interface HomeLock {
  /** True when a killed run had left its lock behind. */
  readonly takenOver: boolean;
  release(): Promise<void>;
}

/**
 * Takes the lock of a state folder, so that two `rollcall up` never share one. The lock of a run that no longer runs is taken over.
 * @throws RollcallError config/invalid naming the process that holds it
 */
export async function lockHome(path: string, pid: number, nowMs: () => number): Promise<HomeLock> {
  const me = await markOf(pid);
  const text = JSON.stringify({ ...(me ?? { pid }), since: new Date(nowMs()).toISOString() });
  await mkdir(dirname(path), { recursive: true });
  for (let attempt = 0; attempt < 5; attempt++) {
    if (await createWhole(path, text, pid)) return { takenOver: attempt > 0, release: () => rm(path, { force: true }) };
    const holder = await readHolder(path);
    if (holder && (await stillRuns(holder))) {
      throw new RollcallError(
        'config/invalid',
        `another \`rollcall up\` (process ${holder.pid}, since ${holder.since}) uses ${dirname(path)}: stop it, or choose another folder with --home`,
      );
    }
    await takeOver(path, nowMs);
  }
  throw new RollcallError('config/invalid', `the lock ${path} cannot be taken: remove it when no \`rollcall up\` runs`);
}

/** Creates the file with its content in one step: nobody ever reads half a lock. */
async function createWhole(path: string, text: string, pid: number): Promise<boolean> {
  const draft = `${path}.${pid}.${randomUUID()}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
  } finally {
    await file.close();
  }
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readHolder(path: string): Promise<(ProcessMark & { readonly since: string }) | undefined> {
  try {
    const { pid, startTicks, since } = lockFile.parse(JSON.parse(await readFile(path, 'utf8')));
    return startTicks === undefined ? { pid, since } : { pid, startTicks, since };
  } catch {
    return undefined;
  }
}

/** Removes a stale lock. Only one taker at a time may, and it looks again first: otherwise a second one would remove the new holder's lock. */
async function takeOver(path: string, nowMs: () => number): Promise<void> {
  const guard = `${path}.takeover`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    const age = await stat(guard).then(
      (s) => nowMs() - s.mtimeMs,
      () => 0,
    );
    if (age > TAKEOVER_STALE_MS) await rm(guard, { recursive: true, force: true });
    else await new Promise((resolve) => setTimeout(resolve, 100));
    return;
  }
  try {
    const holder = await readHolder(path);
    if (holder && (await stillRuns(holder))) return;
    await rename(path, `${path}.stale`).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
    await rm(`${path}.stale`, { force: true });
  } finally {
    await rm(guard, { recursive: true, force: true });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

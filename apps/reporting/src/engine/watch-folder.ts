import { watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Bell } from './bell.js';

const DEBOUNCE_MS = 150;
/** Editors write some files in two steps: a file that is empty is looked at again before it is believed. */
const EMPTY_MS = 2_000;
const POLL_MS = 1_000;

/**
 * Calls `changed` after something in the folder has changed and has been quiet for a moment. Watches by the system's own means and, where those
 * fail (some network and container file systems), by looking every second. Returns when it has looked once: what changes from then on is told.
 * `ended` resolves after the signal.
 */
export async function watchFolder(
  dir: string,
  changed: () => void,
  signal: AbortSignal,
): Promise<{ readonly ended: Promise<void> }> {
  return { ended: watchFrom(await fingerprint(dir), dir, changed, signal) };
}

async function watchFrom(first: Fingerprint, dir: string, changed: () => void, signal: AbortSignal): Promise<void> {
  let seen = first;
  const bell = new Bell();
  const watcher = startWatcher(dir, () => bell.ring(), signal);
  try {
    while (!signal.aborted) {
      await bell.wait(POLL_MS, signal);
      const now = await fingerprint(dir);
      if (now.text === seen.text || signal.aborted) continue;
      seen = await settle(dir, now, signal);
      changed();
    }
  } finally {
    watcher?.close();
  }
}

function startWatcher(dir: string, ring: () => void, signal: AbortSignal): { close(): void } | undefined {
  try {
    const watcher = watch(dir, { recursive: true, signal, persistent: false }, ring);
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

interface Fingerprint {
  readonly text: string;
  readonly hasEmpty: boolean;
}

/** Waits until two looks agree, and longer while a file is empty. */
async function settle(dir: string, first: Fingerprint, signal: AbortSignal): Promise<Fingerprint> {
  const end = performance.now() + EMPTY_MS;
  let last = first;
  for (;;) {
    await delay(DEBOUNCE_MS, undefined, { signal }).catch(() => undefined);
    const now = await fingerprint(dir);
    const isQuiet = now.text === last.text;
    if (signal.aborted || (isQuiet && (!now.hasEmpty || performance.now() > end))) return now;
    last = now;
  }
}

/** Names, sizes and times of all files. A folder that cannot be read has none. */
async function fingerprint(dir: string): Promise<Fingerprint> {
  const paths = (await readdir(dir, { recursive: true }).catch(() => [])).sort();
  const lines = await Promise.all(
    paths.map(async (path) => {
      const found = await stat(join(dir, path)).catch(() => undefined);
      return found?.isFile() === true ? { path, size: found.size, at: found.mtimeMs } : undefined;
    }),
  );
  const files = lines.filter((line) => line !== undefined);
  return {
    text: files.map(({ path, size, at }) => `${path} ${size} ${at}`).join('\n'),
    hasEmpty: files.some(({ size }) => size === 0),
  };
}

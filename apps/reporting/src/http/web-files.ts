import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { StoredAnswer } from './stored-answer.js';

/** One file of the web app. */
export interface WebFile {
  readonly answer: StoredAnswer;
  /** Its name holds a hash of its content: it never changes. */
  readonly immutable: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/** How vite names what it hashes: `assets/index-B4x9_kQz.js`. */
const HASHED = /(^|\/)assets\/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$/;

const INDEX = '/index.html';

/**
 * The built web app, in memory, by the path it is asked for by: a look-up in a map, so no path can lead out of the folder. Read again when
 * its `index.html` is another one, so that a build shows up without a restart.
 */
export class WebFiles {
  readonly #dir: string;
  #files: ReadonlyMap<string, WebFile> = new Map();
  #builtAtMs: number | undefined;
  #reading: Promise<void> | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The file at this path. */
  async file(path: string): Promise<WebFile | undefined> {
    if (this.#builtAtMs === undefined) await this.#refresh();
    return path === INDEX ? undefined : this.#files.get(path);
  }

  /** The page that draws all others; undefined: the app is not built. */
  async page(): Promise<WebFile | undefined> {
    await this.#refresh();
    return this.#files.get(INDEX);
  }

  async #refresh(): Promise<void> {
    const builtAtMs = await modifiedAt(join(this.#dir, 'index.html'));
    if (builtAtMs === this.#builtAtMs) return;
    this.#reading ??= this.#read(builtAtMs).finally(() => {
      this.#reading = undefined;
    });
    await this.#reading;
  }

  async #read(builtAtMs: number | undefined): Promise<void> {
    this.#files = builtAtMs === undefined ? new Map() : await readFiles(this.#dir);
    this.#builtAtMs = builtAtMs;
  }
}

async function modifiedAt(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mtimeMs;
  } catch {
    return undefined;
  }
}

/** Links are not followed: only plain files of the folder itself are served. */
async function readFiles(dir: string): Promise<ReadonlyMap<string, WebFile>> {
  const found = new Map<string, WebFile>();
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const full = join(entry.parentPath, entry.name);
    const path = `/${relative(dir, full).split(sep).join('/')}`;
    found.set(path, { answer: new StoredAnswer(type, await readFile(full)), immutable: HASHED.test(path) });
  }
  return found;
}

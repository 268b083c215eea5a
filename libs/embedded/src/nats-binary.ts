import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RollcallError } from '@rollcall/kernel';

/** The oldest nats-server with everything Rollcall needs (architecture: feature floor). */
const OLDEST_MINOR = 9;

export interface NatsBinary {
  readonly path: string;
  /** `10` of 2.10.27. Major versions above 2 count as newest. */
  readonly minor: number;
}

/**
 * Finds a nats-server of at least 2.9: the one given, the one on PATH, or the one the set-up fetched.
 * @throws RollcallError embedded/no-binary, nats/too-old
 */
export async function findNatsBinary(wanted?: string): Promise<NatsBinary> {
  const candidates = wanted === undefined ? ['nats-server', ...fetchedBinaries()] : [wanted];
  for (const path of candidates) {
    const version = await versionOf(path);
    if (version === undefined) continue;
    if (version.major < 2 || (version.major === 2 && version.minor < OLDEST_MINOR)) {
      throw new RollcallError(
        'nats/too-old',
        `${path} is nats-server ${version.text}; 2.${OLDEST_MINOR} or newer is needed`,
      );
    }
    return { path, minor: version.major > 2 ? Number.MAX_SAFE_INTEGER : version.minor };
  }
  const looked = wanted ?? 'nats-server on PATH and .rollcall/bin/nats-server';
  throw new RollcallError('embedded/no-binary', `no nats-server found: looked for ${looked}`);
}

/** `.rollcall/bin/nats-server` in every folder above this file: the checkout's root is one of them. */
function fetchedBinaries(): string[] {
  const found: string[] = [];
  let dir = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const path = join(dir, '.rollcall', 'bin', 'nats-server');
    if (existsSync(path)) found.push(path);
    if (dirname(dir) === dir) return found;
    dir = dirname(dir);
  }
}

function versionOf(path: string): Promise<{ text: string; major: number; minor: number } | undefined> {
  return new Promise((resolve) => {
    execFile(path, ['--version'], { timeout: 10_000 }, (_error, stdout) => {
      const match = /v?((\d+)\.(\d+)\.\S+)/.exec(stdout);
      resolve(match ? { text: match[1] ?? '', major: Number(match[2]), minor: Number(match[3]) } : undefined);
    });
  });
}

import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** An empty folder of its own, removed with everything in it when disposed. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  /** The same as a `file:` URL, as `LAKE_URL` wants it. */
  readonly url: string;
  remove(): Promise<void>;
}

/** Makes a temporary folder. */
export async function testFolder(): Promise<TestFolder> {
  const path = await mkdtemp(join(tmpdir(), 'rollcall-test-'));
  // Run by root, a server of ours works as another user: one that cannot enter would put its data elsewhere, where nobody removes it.
  await chmod(path, 0o711);
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true, maxRetries: 3 });
  return { path, url: pathToFileURL(path).href, remove, [Symbol.asyncDispose]: remove };
}

/** A lake in a folder of its own. */
export function testLake(): Promise<TestFolder> {
  return testFolder();
}

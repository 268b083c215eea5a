import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { RollcallError } from '@rollcall/kernel';
import { isCatalogFile, type CatalogText } from './read-catalog.js';

const run = promisify(execFile);
const LARGEST = 16 * 1024 * 1024;

/**
 * The catalog's texts as they stood in a git revision of the repository that holds the folder.
 * @throws RollcallError config/invalid when there is no such revision, or git is not there
 */
export async function readGitCatalog(dir: string, revision: string): Promise<readonly CatalogText[]> {
  const git = async (...args: readonly string[]): Promise<string> => {
    try {
      return (await run('git', ['-C', dir, ...args], { maxBuffer: LARGEST })).stdout;
    } catch (cause) {
      throw new RollcallError('config/invalid', `${revision} is neither a folder nor a git revision of ${dir}`, {
        cause,
      });
    }
  };
  const commit = (await git('rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`)).trim();
  const names = (await git('ls-tree', '--name-only', '-z', commit, './')).split('\0');
  const files = names.filter(isCatalogFile);
  return Promise.all(files.map(async (file) => ({ file, text: await git('show', `${commit}:./${file}`) })));
}

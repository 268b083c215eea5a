import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quietly, SetUpError } from './step.mjs';

const MAGIC = '!<arch>\n';
const HEADER_BYTES = 60;

/** Unpacks the files of a Debian package: with dpkg-deb, else with tar. */
export async function extractDeb(deb, into) {
  if ((await quietly('dpkg-deb', ['-x', deb, into])).code === 0) return;
  const member = dataMember(await readFile(deb));
  const archive = join(into, '..', member.name);
  await writeFile(archive, member.bytes);
  const { code, output } = await quietly('tar', ['-xf', archive, '-C', into]);
  if (code !== 0) throw new SetUpError(`${deb} cannot be unpacked: ${output.trim()}`);
}

/** A package is an `ar` archive: a magic line, then members of a 60-byte header and their bytes, padded to even. */
export function dataMember(bytes) {
  if (bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) throw new SetUpError('the package is no ar archive');
  let at = MAGIC.length;
  while (at + HEADER_BYTES <= bytes.length) {
    const header = bytes.toString('latin1', at, at + HEADER_BYTES);
    const name = header.slice(0, 16).trim().replace(/\/$/, '');
    const size = Number(header.slice(48, 58).trim());
    at += HEADER_BYTES;
    if (name.startsWith('data.tar')) return { name, bytes: bytes.subarray(at, at + size) };
    at += size + (size % 2);
  }
  throw new SetUpError('the package has no data.tar');
}

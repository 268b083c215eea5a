import { readdir, readFile, readlink } from 'node:fs/promises';

export interface PortHolder {
  readonly pid: number;
  readonly command: string;
}

/**
 * Who listens on a TCP port of this machine, as far as this user may know: Linux only, and only processes whose descriptors it may read.
 */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const inodes = new Set(tables.flatMap((table) => listeningInodes(table, port)));
  if (inodes.size === 0) return undefined;
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    if (!(await holds(pid, inodes))) continue;
    return { pid: Number(pid), command: programName(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')) };
  }
  return undefined;
}

/** The socket inodes that listen on a port, from the text of /proc/net/tcp: column 2 is address:port in hex, 4 the state (0A = listen), 10 the inode. */
export function listeningInodes(table: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) === true && fields[3] === '0A')
    .map((fields) => fields[9] ?? '');
}

/** A process by its program, and its script where the program only runs one. Further arguments may hold secrets and are left out. */
export function programName(commandLine: string): string {
  const [program = '', script = ''] = commandLine.split('\0');
  const name = program.split('/').at(-1) ?? '';
  if (name === '') return 'a process';
  if (!/^(node|python\d*(\.\d+)?|sh|bash|ruby|perl|java)$/.test(name) || script === '' || script.startsWith('-'))
    return name;
  return `${name} ${script.split('/').slice(-3).join('/')}`;
}

async function holds(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}

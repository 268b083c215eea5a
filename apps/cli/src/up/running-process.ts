import { readFile } from 'node:fs/promises';

/** A process of this machine, told apart from a later one that got the same number. */
export interface ProcessMark {
  readonly pid: number;
  /** Start time in the kernel's own ticks; absent where /proc is not there. */
  readonly startTicks?: string | undefined;
}

/** The mark of a running process; undefined when there is none. */
export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  if (!answers(pid)) return undefined;
  const startTicks = await readStartTicks(pid);
  return startTicks === undefined ? { pid } : { pid, startTicks };
}

/** Whether the marked process still runs. A process of another user counts as running. */
export async function stillRuns(mark: ProcessMark): Promise<boolean> {
  const now = await markOf(mark.pid);
  if (!now) return false;
  return mark.startTicks === undefined || now.startTicks === undefined || mark.startTicks === now.startTicks;
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readStartTicks(pid: number): Promise<string | undefined> {
  try {
    return parseStartTicks(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Field 22 of /proc/<pid>/stat. The command's name, field 2, may hold blanks and parentheses. A zombie (field 3 = Z) no longer runs:
 * undefined is given so that it is not taken for alive by its start time.
 */
export function parseStartTicks(stat: string): string | undefined {
  const rest = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return rest[0] === 'Z' ? undefined : rest[19];
}

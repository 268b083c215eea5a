import { existsSync } from 'node:fs';

const PROGRAMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of tests and benchmarks: the one that CHROMIUM_PATH names (`npm test` sets it), else the distribution's. Absent: an error, never a skip. */
export function chromiumProgram(): string {
  const program = process.env['CHROMIUM_PATH'] ?? PROGRAMS.find((path) => existsSync(path));
  if (program === undefined) throw new Error('no chromium here: apt-get install chromium, or set CHROMIUM_PATH');
  return program;
}

import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export interface Desktop {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Somebody looks at the output. */
  readonly terminal: boolean;
}

/** The program that opens an address in the browser of whoever sits here; undefined where nobody does. */
export function browserOpener({ env, platform, terminal }: Desktop): string | undefined {
  if (!terminal || (env['CI'] ?? '') !== '') return undefined;
  if (platform === 'darwin') return 'open';
  // Without a display xdg-open would start a browser for text, in this terminal.
  const display = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  return platform === 'linux' && display ? 'xdg-open' : undefined;
}

/** Opens an address in the browser where there is one. It is a courtesy: what goes wrong is not said. */
export async function openBrowser(url: string, desktop: Desktop): Promise<void> {
  const opener = browserOpener(desktop);
  if (opener === undefined || !(await isOnPath(opener, desktop.env['PATH'] ?? ''))) return;
  const child = spawn(opener, [url], { stdio: 'ignore', detached: true });
  child.once('error', () => undefined);
  child.unref();
}

async function isOnPath(program: string, path: string): Promise<boolean> {
  const found = await Promise.all(
    path.split(delimiter).map((folder) =>
      access(join(folder, program), constants.X_OK).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

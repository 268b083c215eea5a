import { describe, expect, it } from 'vitest';
import { browserOpener, type Desktop } from './open-browser.js';

const desktop: Desktop = { env: { DISPLAY: ':0' }, platform: 'linux', terminal: true };

describe('browserOpener', () => {
  it.each<[string, Desktop, string | undefined]>([
    ['on a desktop', desktop, 'xdg-open'],
    ['under Wayland', { ...desktop, env: { WAYLAND_DISPLAY: 'wayland-0' } }, 'xdg-open'],
    ['on a Mac', { ...desktop, env: {}, platform: 'darwin' }, 'open'],
    ['without a display', { ...desktop, env: {} }, undefined],
    ['in a pipe', { ...desktop, terminal: false }, undefined],
    ['in CI', { ...desktop, env: { DISPLAY: ':0', CI: 'true' } }, undefined],
    ['on Windows', { ...desktop, platform: 'win32' }, undefined],
  ])('%s', (_, where, opener) => expect(browserOpener(where)).toBe(opener));
});

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromiumProgram } from '@rollcall/testkit';
import { graveFindings, layoutFaults, tellPolicyViolations } from './in-page/page-checks.mjs';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page under watch: nothing it complains about goes unseen. */
export interface WatchedPage extends AsyncDisposable {
  readonly page: Page;
  /** Console errors and warnings, uncaught errors, refused requests and CSP violations so far. */
  readonly complaints: readonly string[];
  /** Addresses asked for that are not those of the service. */
  readonly foreign: readonly string[];
  /** Serious and critical findings of axe on what is shown now, one line each. */
  accessibility(): Promise<readonly string[]>;
  /** What people would call broken in what is shown now: see in-page/page-checks.mjs. */
  layoutFaults(): Promise<readonly string[]>;
}

/** Debian's Chromium, or the one CHROMIUM_PATH names. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumProgram(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** @param origin of the service, as the page is opened */
export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const foreign: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (/^https?:$/.test(protocol) && asked !== new URL(origin).origin) foreign.push(request.url());
  });
  await page.addInitScript(tellPolicyViolations);
  return {
    page,
    complaints,
    foreign,
    async accessibility() {
      await page.evaluate(AXE);
      return page.evaluate(graveFindings);
    },
    layoutFaults: () => page.evaluate(layoutFaults),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

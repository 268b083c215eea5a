import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { LiveEvent, RowsAnswer } from '@rollcall/reports/shown';
import { until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, watchedPage } from '../browser.js';
import { liveEvents } from '../live-events.js';
import { openReportingStage, sendDemo, type ReportingStage } from '../reporting-stage.js';

const REPORTS = ['answers_per_session', 'sessions_per_user_month', 'daily_events_by_platform'] as const;

/** Every page: its address, and what stands on it when it is complete. */
const PAGES: readonly { readonly name: string; readonly path: string; readonly complete: string }[] = [
  { name: 'overview', path: '/', complete: 'text=Last runs' },
  ...REPORTS.map((report) => ({
    name: report.replaceAll('_', '-'),
    path: `/reports/${report}`,
    complete: 'figure svg [aria-label]',
  })),
  { name: 'quarantine', path: '/quarantine', complete: 'main table' },
  { name: 'runs', path: '/runs', complete: 'main h1' },
  { name: 'dictionary', path: '/dictionary', complete: 'main table' },
  { name: 'api', path: '/api-docs', complete: 'main :text("/api/v1/reports")' },
  { name: 'sign-in', path: '/sign-in', complete: 'main form' },
  { name: 'not-found', path: '/no/such/page', complete: 'main h1' },
];

const LOOKS: readonly { readonly look: string; readonly options: BrowserContextOptions }[] = [
  { look: 'light', options: { colorScheme: 'light' } },
  { look: 'dark', options: { colorScheme: 'dark' } },
  { look: 'phone', options: { colorScheme: 'light', viewport: { width: 390, height: 844 } } },
];

/** Set to have the pictures of the documentation taken again. */
const SCREENS =
  process.env['UPDATE_SCREENS'] === undefined ? undefined : join(import.meta.dirname, '../../docs/screens');

describe('the dashboard in a browser', () => {
  let browser: Browser;
  let stage: ReportingStage;

  beforeAll(async () => {
    browser = await openBrowser();
    stage = await openReportingStage();
    await sendDemo(stage, 'dashboard');
    await stage.stage.platform.rollcall('sync', 'answers');
    for (const report of REPORTS) {
      await until(async () => (await stage.describe(report)).rows > 0, {
        what: `rows in ${report}`,
        timeoutMs: 60_000,
      });
    }
  }, 240_000);

  afterAll(async () => {
    await browser.close();
    await stage[Symbol.asyncDispose]();
  });

  async function open(path: string, options: BrowserContextOptions = {}): ReturnType<typeof watchedPage> {
    const watched = await watchedPage(browser, stage.url, options);
    await watched.page.goto(path);
    return watched;
  }

  async function keep(page: Page, name: string): Promise<void> {
    if (SCREENS === undefined) return;
    await mkdir(SCREENS, { recursive: true });
    // Sticky parts stand where somebody who has just arrived sees them.
    await page.evaluate('scrollTo(0, 0); document.querySelectorAll(".table-box").forEach((box) => box.scrollTo(0, 0))');
    await page.screenshot({ path: join(SCREENS, `${name}.png`), fullPage: true });
  }

  describe.each(LOOKS)('$look', ({ look, options }) => {
    it.each(PAGES)(
      '$name: complete, accessible, nothing cut or overlapping, no complaint of the browser, nothing asked of others',
      async ({ name, path, complete }) => {
        await using watched = await open(path, options);
        const { page } = watched;
        await page.locator(complete).first().waitFor();
        await page.locator('h1').waitFor();
        expect(await watched.layoutFaults()).toEqual([]);
        expect(await watched.accessibility()).toEqual([]);
        expect(watched.complaints).toEqual([]);
        expect(watched.foreign).toEqual([]);
        await keep(page, `${name}-${look}`);
      },
    );

    it('evidence: from a row of the table to the record and its run', async () => {
      await using watched = await open('/reports/answers_per_session', options);
      const { page } = watched;
      await page.locator('main tbody th a').first().click();
      await page.getByRole('heading', { name: 'Evidence' }).waitFor();
      await page.locator('.proofs li.agrees').first().waitFor();
      expect(await page.locator('.proofs li').count()).toBe(3);
      expect(await page.locator('.proofs li.differs').count()).toBe(0);
      await page
        .getByRole('button', { name: /^Open record/ })
        .first()
        .click();
      await page.getByText('sha256', { exact: true }).first().waitFor();
      expect(await page.getByText(/\.parquet/).count()).toBeGreaterThan(0);
      expect(await watched.layoutFaults()).toEqual([]);
      expect(await watched.accessibility()).toEqual([]);
      expect(watched.complaints).toEqual([]);
      await keep(page, `evidence-${look}`);
      await page.reload();
      await page.getByText('sha256', { exact: true }).first().waitFor();
    });
  });

  it('keeps what was chosen in the address; going back undoes one choice', async () => {
    await using watched = await open('/reports/answers_per_session');
    const { page } = watched;
    const total = page.getByText(/Total \(all/);
    await total.waitFor();
    const before = await total.textContent();
    await page.locator('label', { hasText: 'Half day' }).click();
    await page.waitForURL(/\?mode=half_day$/);
    await page
      .locator('main tbody')
      .getByText(/_(Morning|Afternoon)/)
      .first()
      .waitFor();
    const halfDays = await stage.json<RowsAnswer>('/api/v1/reports/answers_per_session/rows?mode=half_day');
    expect(await total.textContent()).toContain(halfDays.total.toLocaleString('en').replace(',', ' '));
    await page
      .locator('th')
      .getByRole('button', { name: /^Answers/ })
      .click();
    await page.waitForURL(/sort=/);
    await page.goBack();
    await page.waitForURL(/\?mode=half_day$/);
    await page.goBack();
    await page.waitForURL(/answers_per_session$/);
    await until(async () => (await total.textContent()) === before, { what: 'the first state' });
    expect(watched.complaints).toEqual([]);
  });

  it('filters by values, days and share, and says what to clear when nothing is left', async () => {
    await using watched = await open('/reports/daily_events_by_platform');
    const { page } = watched;
    await page.getByRole('button', { name: /^Filter by Platform/ }).click();
    await page.getByRole('checkbox', { name: /^android/ }).check();
    await page.waitForURL(/platform=android/);
    await page.keyboard.press('Escape');
    await until(async () => (await page.locator('main tbody').getByText('ios').count()) === 0, {
      what: 'android only',
    });
    await page.goto('/reports/daily_events_by_platform?event=nothing_like_it');
    await page.getByText('nothing_like_it').first().waitFor();
    await page.goto('/reports/sessions_per_user_month?top=100');
    const everybody = await stage.json<RowsAnswer>('/api/v1/reports/sessions_per_user_month/rows?top=100');
    await page.getByText(`Total (all ${everybody.total.toLocaleString('en').replace(',', ' ')} rows)`).waitFor();
    expect(watched.complaints).toEqual([]);
  });

  it('turns pages, and each row stands on one page only', async () => {
    await using watched = await open('/reports/sessions_per_user_month?top=100');
    const { page } = watched;
    const seen = new Set<string>();
    const links = page.locator('main tbody th a');
    await links.first().waitFor();
    for (let turned = 0; turned < 3; turned += 1) {
      const shown = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      for (const href of shown) {
        expect(seen.has(href)).toBe(false);
        seen.add(href);
      }
      const first = shown[0];
      await page.getByRole('button', { name: 'Next' }).click();
      await until(async () => (await links.first().getAttribute('href')) !== first, { what: 'the next page' });
    }
    expect(seen.size).toBe(150);
  });

  it('exports what is shown, as CSV, Parquet and pictures', async () => {
    await using watched = await open('/reports/daily_events_by_platform?platform=ios');
    const { page } = watched;
    const saved = async (name: string | RegExp): Promise<Buffer> => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
      return readFile(await download.path());
    };
    const csv = (await saved(/^CSV/)).toString('utf8').trimEnd().split('\r\n');
    const rows = await stage.rows('daily_events_by_platform', 'platform=ios');
    expect(csv).toHaveLength(rows.length + 1);
    expect(csv.slice(1).every((line) => line.includes(',ios,'))).toBe(true);
    expect((await saved(/^Parquet/)).subarray(0, 4).toString()).toBe('PAR1');
    expect((await saved(/PNG/)).subarray(1, 4).toString()).toBe('PNG');
    expect((await saved(/SVG/)).toString()).toContain('<svg');
  });

  it('shows one new answer within five seconds on an open page, and refreshes only the reports that stand on it', async () => {
    await using watched = await open('/reports/answers_per_session');
    const { page } = watched;
    const total = page.locator('.tile', { hasText: /^\s*Answers\b/ }).locator('.number');
    await total.waitFor();
    const before = (await total.getAttribute('title')) ?? '';
    using heard = await liveEvents(stage.url);
    const answer = {
      type: 'question-answer',
      participant_id: 'z4711',
      event_id: 'abcabcabcabcabcabcabcabc',
      object_id: 'defdefdefdefdefdefdefdef',
      created_at: new Date().toISOString(),
    };
    const response = await fetch(`${stage.stage.platform.httpUrl}/v1/events/answers`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(answer),
    });
    expect(response.ok).toBe(true);
    await until(async () => ((await total.getAttribute('title')) ?? '') !== before, {
      what: `another number than ${before}`,
      timeoutMs: 5_000,
      everyMs: 50,
    });
    const digits = (text: string): number => Number(text.replaceAll(/\D/g, ''));
    expect(digits((await total.getAttribute('title')) ?? '')).toBe(digits(before) + 1);
    await until(() => refreshed(heard.events).size === 2, { what: 'both reports on answers' });
    expect([...refreshed(heard.events)].sort()).toEqual(['answers_per_session', 'sessions_per_user_month']);
    expect(watched.complaints).toEqual([]);
  });

  it('is walked by keyboard: skip link, menus that open and close, sorting', async () => {
    await using watched = await open('/reports/answers_per_session');
    const { page } = watched;
    await page.locator('main tbody th a').first().waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement?.textContent')).toMatch(/skip/i);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Export' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /^CSV/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('link', { name: /^CSV/ }).waitFor({ state: 'hidden' });
    await page.getByRole('button', { name: 'Participants' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/sort=/);
    expect(await page.locator('th[aria-sort=descending]').textContent()).toContain('Participants');
  });
});

describe('a dashboard that is not for everybody', () => {
  it('asks for a token, keeps who has one signed in, and lets nobody else read', async () => {
    await using stage = await openReportingStage({ REQUIRE_TOKEN: 'true' });
    expect((await stage.get('/api/v1/reports')).status).toBe(401);
    const said = await stage.stage.platform.rollcall('token', 'create', 'somebody', '--scope', 'reports', '--json');
    const { token } = JSON.parse(said.join('')) as { token: string };
    const browser = await openBrowser();
    try {
      await using watched = await watchedPage(browser, stage.url);
      const { page } = watched;
      await page.goto('/reports/answers_per_session');
      await page.getByLabel('Token').fill('rollcall_wrong');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('alert').waitFor();
      await page.getByLabel('Token').fill(token);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'Answers per session', level: 1 }).waitFor();
      expect(await page.evaluate('document.cookie')).toBe('');
      expect(await page.evaluate('Object.values(localStorage).join()')).not.toContain(token);
    } finally {
      await browser.close();
    }
  });
});

function refreshed(events: readonly LiveEvent[]): ReadonlySet<string> {
  return new Set(events.flatMap((one) => (one.event === 'refreshed' ? [one.data.report] : [])));
}

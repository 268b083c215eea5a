import { chromiumProgram } from '@rollcall/testkit';
import { chromium } from 'playwright-core';

/** Milliseconds until a browser that has seen nothing of it before paints something of the page; the median of five loads. */
export async function firstPaint(url: string): Promise<number> {
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];
  const browser = await chromium.launch({ executablePath: chromiumProgram(), args });
  try {
    const times: number[] = [];
    for (let load = 0; load < 5; load += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto(url);
      await page.locator('h1').waitFor();
      times.push(
        await page.evaluate<number>("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN"),
      );
      await context.close();
    }
    return times.sort((a, b) => a - b)[2] ?? Number.NaN;
  } finally {
    await browser.close();
  }
}

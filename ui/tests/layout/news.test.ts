// What is new comes a moment after the page, and moves nothing: its room is kept.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { startChromium } from '../../scripts/chromium.mjs';
import { openShot } from '../../scripts/shots.mjs';
import { atRest } from './rest';

/** Where the chart across time and the views stand, in every frame from now on, as long as both are there. */
async function watch(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(window, { seen });
    const look = () => {
      const at = ['section.range', '.tools'].map(
        (place) => document.querySelector(place)?.getBoundingClientRect().top,
      );
      if (at.every((top) => top !== undefined)) seen.add(at.map((top) => Math.round(top ?? 0)).join(' and '));
      requestAnimationFrame(look);
    };
    look();
  });
  return () => page.evaluate(() => [...(window as unknown as { seen: Set<string> }).seen]);
}

const address = inject('pages');

describe.skipIf(!address)('what is new', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  it.each(['normal', 'wide', 'narrow', 'half', 'double'])(
    'moves nothing when it comes, nor when somebody comes back to it: %s',
    async (size) => {
      const { page, close } = await openShot(browser, address, ['news', 'firstStart', size]);
      const places = await watch(page);
      await page.getByRole('button', { name: /Look around/ }).click();
      await page.locator('.news ul').waitFor({ timeout: 60_000 });
      await atRest(page);
      expect(await places()).toHaveLength(1);
      // All of every sentence is in its room.
      const over = await page.locator('.news ul').evaluate((list) => list.scrollHeight - list.clientHeight);
      expect(over).toBeLessThanOrEqual(0);

      const here = await page.evaluate(() => location.hash);
      await page.evaluate(() => (location.hash = '#/settings'));
      await page.locator('.news').waitFor({ state: 'detached' });
      const again = await watch(page);
      await page.evaluate((hash) => (location.hash = hash), here);
      await page.locator('.news ul').waitFor();
      await atRest(page);
      expect(await again()).toHaveLength(1);

      // Put away, the page closes up, and stays so.
      await page.getByRole('button', { name: /^Put away/ }).click();
      await page.locator('.news').waitFor({ state: 'detached' });
      await page.evaluate(() => (location.hash = '#/settings'));
      await page.locator('section.range').waitFor({ state: 'detached' });
      const without = await watch(page);
      await page.evaluate((hash) => (location.hash = hash), here);
      await page.locator('section.range').waitFor();
      await atRest(page);
      expect(await without()).toHaveLength(1);
      await close();
    },
  );
});

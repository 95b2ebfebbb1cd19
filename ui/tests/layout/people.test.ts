// The screens of people, as only a browser with a layout can tell: nothing moves under the pointer, nobody is taken for
// somebody else because a name was cut, sums stay in sight, and what a list is for is in sight with it.

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { startChromium } from '../../scripts/chromium.mjs';
import { axeProblems, openShot, SHOTS } from '../../scripts/shots.mjs';

/** Screens that differ in content or in width; `npm run screens` goes through all. */
const CHECKED = [
  'people',
  'people-narrow-dark',
  'people-double',
  'people-chosen-narrow-dark',
  'people-list-double',
  'people-tidy',
  'video-people',
  'video-people-double-dark',
  'person-narrow',
  'person-forget',
  'credit-rows',
  'class-list',
  'class-list-double-dark',
  'class-list-preview',
  'presenting-video-people',
];

const address = inject('pages');

async function open(browser: Browser, name: string) {
  const shot = SHOTS.find(([other]) => other === name);
  if (!shot) throw new Error(`there is no screen ${name}`);
  const opened = await openShot(browser, address, shot);
  await shot[3]?.(opened.page);
  return opened;
}

/** What can be seen of each name: what is told apart stays, and what is cut ends with an ellipsis. */
const seenNames = (page: Page) =>
  page.locator('.cutname').evaluateAll((names) =>
    names
      .filter((name) => name.getClientRects().length > 0)
      .map((name) => {
        const parts = [...name.children].map((part) => ({
          text: part.textContent ?? '',
          isCut: part.scrollWidth > part.clientWidth + 1,
        }));
        return { whole: name.textContent ?? '', parts };
      }),
  );

describe.skipIf(!address)('people', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  it.each(CHECKED)('can be read and sticks out nowhere: %s', async (name) => {
    const { page, problems, close } = await open(browser, name);
    await page.waitForTimeout(300);
    const sticksOut = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sticksOut, 'pixels that the page is too wide').toBeLessThanOrEqual(0);
    expect([...problems, ...(await axeProblems(page))]).toEqual([]);
    await close();
  });

  it.each(['people', 'people-narrow-dark', 'people-double', 'video-people', 'people-list-double'])(
    'of one name keep what tells them apart, however narrow it is: %s',
    async (name) => {
      const { page, close } = await open(browser, name);
      const names = await seenNames(page);
      expect(names.length).toBeGreaterThan(5);
      const inBrackets = names.filter(({ whole }) => whole.endsWith(')'));
      expect(inBrackets.length).toBeGreaterThan(0);
      for (const { whole, parts } of inBrackets) {
        expect(parts, whole).toHaveLength(2);
        expect(parts[1]?.isCut, whole).toBe(false);
      }
      await close();
    },
  );

  it('that are cut are told whole under the pointer', async () => {
    const { page, close } = await open(browser, 'people-double');
    const name = page.locator('.cutname', { hasText: '(' }).first();
    await name.hover();
    await page.locator('.hint').waitFor();
    expect(await page.locator('.hint').textContent()).toContain(
      (await name.textContent())?.replace('\u00a0', ' '),
    );
    await close();
  });

  it.each(['people', 'people-list', 'people-double'])(
    'stay where they are when they are chosen: %s',
    async (name) => {
      const { page, close } = await open(browser, name);
      const grid = page.getByRole('grid', { name: /^People/ });
      await grid.focus();
      const tops = () =>
        grid
          .locator('[role=row][aria-selected]')
          .evaluateAll((rows) => rows.slice(0, 5).map((row) => Math.round(row.getBoundingClientRect().top)));
      const before = await tops();
      expect(before).toHaveLength(5);
      await page.keyboard.press('Space');
      const chosen = page.getByRole('group', { name: 'Those who are chosen' });
      await chosen.getByRole('button', { name: /^Copy/ }).waitFor();
      expect(await tops()).toEqual(before);
      // What can be done with them is in sight.
      const { bottom, height } = await chosen.evaluate((bar) => ({
        bottom: bar.getBoundingClientRect().bottom,
        height: innerHeight,
      }));
      expect(bottom).toBeLessThanOrEqual(height);
      await close();
    },
  );

  it.each(['people', 'people-narrow-dark', 'people-double', 'people-wide'])(
    'have their sums in sight, wherever the videos are scrolled to: %s',
    async (name) => {
      const { page, close } = await open(browser, name);
      const grid = page.getByRole('grid', { name: 'People by videos' });
      for (const left of [0, 10_000]) {
        await grid.evaluate((matrix, to) => (matrix.scrollLeft = to), left);
        const seen = () =>
          grid.evaluate((matrix) => {
            const row = matrix.querySelectorAll('[role=row][aria-selected]')[1];
            const parts = row ? [...row.querySelectorAll('.name, .of, .last')] : [];
            return parts.map((part) => {
              const { left, right, top, bottom } = part.getBoundingClientRect();
              const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
              return at !== null && part.contains(at);
            });
          });
        await expect.poll(seen, { message: `scrolled to ${left}` }).toEqual([true, true, true]);
      }
      await close();
    },
  );

  it.each(['video-people', 'video-people-narrow'])(
    'who have not opened a video: their addresses stand above the list, whose length changes nothing: %s',
    async (name) => {
      const { page, close } = await open(browser, name);
      const group = page.locator('section', { has: page.getByRole('heading', { name: /^Not opened/ }) });
      const top = (place: string) =>
        group
          .locator(place)
          .first()
          .evaluate((element) => element.getBoundingClientRect().top);
      const [head, copy, list] = [await top('h2'), await top('.button'), await top('[role=grid]')];
      expect(copy).toBeGreaterThan(head);
      expect(list).toBeGreaterThan(copy);
      // At the usual size nobody has to scroll for it.
      if (name === 'video-people') expect(copy).toBeLessThan(await page.evaluate(() => innerHeight - 28));
      await close();
    },
  );

  it.each(['video-people', 'video-people-narrow', 'person', 'person-narrow'])(
    'have figures of which no sign stands alone on a line, and no number is parted from its unit: %s',
    async (name) => {
      const { page, close } = await open(browser, name);
      const alone = await page.locator('.figures dt').evaluateAll((labels) =>
        labels
          .filter((label) => {
            const text = [...(label.querySelector('.label')?.getClientRects() ?? [])].at(-1);
            const sign = label.querySelector('.ask')?.getBoundingClientRect();
            return !text || !sign || Math.abs(text.top + text.bottom - sign.top - sign.bottom) > text.height;
          })
          .map((label) => label.textContent),
      );
      expect(alone).toEqual([]);
      const details = await page.locator('.figures .detail').allTextContents();
      expect(details.filter((text) => /\d (%|h|min|s)\b/.test(text) || /\d %/.test(text))).toEqual([]);
      await close();
    },
  );
});

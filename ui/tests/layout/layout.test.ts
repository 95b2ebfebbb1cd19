// What only a browser with a layout can tell: nothing sticks out, all text is readable on its background, the page's
// policy refuses nothing it needs, and text that is cut off can be read in full.

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { startChromium } from '../../scripts/chromium.mjs';
import { axeProblems, openShot, SHOTS } from '../../scripts/shots.mjs';
import { atRest } from './rest';

type Shot = (typeof SHOTS)[number];

/** Screens that differ in content or in width; `npm run screens` goes through all. */
const CHECKED = [
  'welcome',
  'connect-empty-narrow-dark',
  'connect-waiting',
  'add',
  'add-offline-half-dark',
  'map',
  'map-dark',
  'map-narrow',
  'map-zoom',
  'map-long',
  'map-many',
  'map-range',
  'heat',
  'heat-long-narrow',
  'timelines-dark',
  'table-narrow',
  'table-zoom',
  'top-dark-long',
  'first-sync-dark',
  'partial-list',
  'failed-nodata',
  'video',
  'video-dark',
  'video-zoom',
  'video-explain',
  'video-captions',
  'video-captions-narrow-dark',
  'dates-sheet',
  'dates-sheet-zoom',
  'map-data',
  'timelines-data-dark-narrow',
  'words',
  'words-dark-narrow',
  'words-zoom',
  'video-explained-dark-double',
  'video-one-viewer',
  'video-no-words',
  'video-long',
  'export-half-dark',
  'settings-dark-narrow',
  'licences',
  'guide',
  'guide-dark-narrow',
  'shortcuts',
  'removed',
];

const address = inject('pages');

describe.skipIf(!address)('in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  it('every checked screen is among the screens', () => {
    const names = SHOTS.map(([name]) => name);
    expect(CHECKED.filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(SHOTS.filter(([name]) => ['map', 'table-narrow', 'video', 'export-half-dark'].includes(name)))(
    'a page at rest asks for nothing: %s',
    async (...shot) => {
      const { page, close } = await openShot(browser, address, shot);
      await shot[3]?.(page);
      await atRest(page, 2000);
      await close();
    },
  );

  it.each(SHOTS.filter(([name]) => CHECKED.includes(name)))('%s', async (...shot) => {
    const { page, problems, close } = await openShot(browser, address, shot);
    await shot[3]?.(page);
    await page.waitForTimeout(300);
    const sticksOut = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(sticksOut, 'pixels that the page is too wide').toBeLessThanOrEqual(0);
    expect([...problems, ...(await axeProblems(page))]).toEqual([]);
    await close();
  });

  it('draws only the visible ones of 2,000 videos, and scrolls to the last', async () => {
    const shot = SHOTS.find(([name]) => name === 'map-many') as Shot;
    const { page, close } = await openShot(browser, address, shot);
    await shot[3]?.(page);
    const grid = page.getByRole('grid');
    const rows = () => grid.locator('[role=row]').count();
    const inSight = await grid.evaluate((element) => Math.ceil(element.clientHeight / 20));
    expect(await rows()).toBeLessThan(Math.max(60, inSight));
    await grid.focus();
    await page.keyboard.press('End');
    await page.locator('[aria-rowindex="2001"]').waitFor();
    expect(await rows()).toBeLessThan(Math.max(60, inSight));
    await close();
  });

  it('shows the whole of a cut-off name under the pointer', async () => {
    const shot: Shot = ['cut', 'hardNames', 'narrow'];
    const { page, close } = await openShot(browser, address, shot);
    await page.getByRole('grid').waitFor();
    // The page requests names that fit once it knows its own width; the first paint has them in full.
    const name = page.locator('.map .name[data-tip]', { hasText: '…' }).first();
    await name.waitFor();
    await atRest(page);
    await name.hover();
    await page.locator('.hint').waitFor();
    const whole = (await name.locator('.unseen').textContent()) ?? '';
    expect(whole.length).toBeGreaterThan(10);
    expect(await page.locator('.hint').textContent()).toContain(whole);
    await close();
  });

  it('names that differ never look the same, and none is cut at its end by the page', async () => {
    for (const size of ['normal', 'narrow']) {
      for (const view of ['Map', 'Heat', 'Timelines', 'Table']) {
        const { page, close } = await openShot(browser, address, ['names', 'hardNames', size]);
        await page.getByRole('tab', { name: view }).click();
        const measured = () =>
          page
            .locator('#videos .name[dir=auto]:not(.folder), #videos .title[dir=auto]')
            .evaluateAll((nodes) =>
              nodes.map((node) => ({ text: node.textContent, over: node.scrollWidth - node.clientWidth })),
            );
        await expect
          .poll(async () => (await measured()).length, { timeout: 10_000, message: view })
          .toBeGreaterThan(5);
        // Names that fit come once the page knows its width.
        await expect
          .poll(async () => (await measured()).filter(({ over }) => over > 1), {
            timeout: 10_000,
            message: `${view}, ${size}`,
          })
          .toEqual([]);
        await close();
      }
    }
  });

  // By part there is one chart more; the banner of somebody who is signed out takes its own height.
  it.each([
    ['normal', '', 'By second', 2],
    ['wide', '', 'By second', 2],
    ['normal', '', 'By part', 3],
    ['wide', '', 'By part', 3],
    ['wide', 'signedOut', 'By second', 2],
    ['wide', 'signedOut', 'By part', 3],
  ] as const)('the page of a video fits the window: %s %s, %s', async (size, situation, view, least) => {
    const shot: Shot = ['fits', situation, size];
    const { page, close } = await openShot(browser, address, shot);
    await page.locator('.sidebar li a').first().click();
    const columns = [];
    await page.locator('[role=grid] [role=row]').nth(3).click();
    await page.getByRole('button', { name: view, exact: true }).click();
    for (let turn = 0; turn < 3; turn += 1) {
      await page.waitForTimeout(700);
      // The list of moments below them may need scrolling.
      const over = () =>
        page.locator('main').evaluate((main, least) => {
          const charts = [...main.querySelectorAll('.chart')].map(
            (chart) => chart.getBoundingClientRect().bottom,
          );
          return charts.length < least ? Infinity : Math.max(...charts) - main.getBoundingClientRect().bottom;
        }, least);
      await expect
        .poll(over, { timeout: 10_000, message: 'pixels that the charts are too high' })
        .toBeLessThanOrEqual(0);
      columns.push(
        await page
          .locator('.figures > div')
          .evaluateAll((cards) => cards.map((card) => card.getBoundingClientRect().left)),
      );
      await page.keyboard.press('ArrowRight');
    }
    expect(columns[1]).toEqual(columns[0]);
    expect(columns[2]).toEqual(columns[0]);
    await close();
  });

  it('at 200 % eight videos of the map are visible, once the page is scrolled to them', async () => {
    for (const size of ['double', 'narrow']) {
      const { page, close } = await openShot(browser, address, ['rows', '', size]);
      await page.getByRole('grid').waitFor();
      await page.locator('#videos').hover();
      await page.mouse.wheel(0, 300);
      const whole = () =>
        page.locator('#videos .row[aria-rowindex]:not(.head)').evaluateAll((rows) => {
          const inSight = (row: Element) => {
            const { top, bottom, right } = row.getBoundingClientRect();
            const at = [top + 2, bottom - 2].map((y) => document.elementFromPoint(right - 30, y));
            return at.every((element) => element !== null && row.contains(element));
          };
          return rows.filter(inSight).length;
        });
      await expect.poll(whole, { timeout: 10_000, message: size }).toBeGreaterThanOrEqual(8);
      await close();
    }
  });

  // At 200 % the window has no room outside the map, and less within.
  it.each([
    ['normal', 20],
    ['narrow', 20],
    ['double', 1],
  ] as const)('the read-out of a cell hides no row beside it: %s', async (size, beside) => {
    const { page, close } = await openShot(browser, address, ['readout', '', size]);
    await page.getByRole('grid').waitFor();
    await atRest(page);
    await page.locator('#videos').hover();
    await page.mouse.wheel(0, 300);
    const strips = page.locator('.map .strip');
    await strips.nth(8).waitFor();
    const inSight = await strips.evaluateAll((all) =>
      all.flatMap((strip, index) => {
        const { top, bottom, left, width } = strip.getBoundingClientRect();
        const at = document.elementFromPoint(left + width / 2, (top + bottom) / 2);
        return at !== null && strip.contains(at) ? [index] : [];
      }),
    );
    expect(inSight.length).toBeGreaterThan(5);
    for (const index of [inSight[0], inSight[Math.floor(inSight.length / 2)], inSight.at(-1)]) {
      await strips.nth(index ?? 0).hover();
      await page.locator('.tip').waitFor();
      const near = inSight.filter((other) => Math.abs(other - (index ?? 0)) <= beside);
      const hidden = await strips.evaluateAll((all, shown) => {
        const tip = document.querySelector('.tip')?.getBoundingClientRect();
        if (!tip) return ['there is no read-out'];
        return shown.filter((other) => {
          const { top = 0, bottom = 0 } = all[other]?.getBoundingClientRect() ?? {};
          return bottom > tip.top && top < tip.bottom;
        });
      }, near);
      expect(hidden, `row ${index}`).toEqual([]);
      await page.mouse.move(2, 2);
      await page.locator('.tip').waitFor({ state: 'detached' });
    }
    await close();
  });

  it('every column of the table can be reached at every width, and the names stay visible', async () => {
    for (const size of ['wide', 'normal', 'narrow', 'half']) {
      const { page, close } = await openShot(browser, address, ['columns', '', size]);
      await page.getByRole('tab', { name: 'Table' }).click();
      await page.locator('.table .folder').first().waitFor();
      const seen = await page.locator('.table').evaluate((table) => {
        const heads = [...table.querySelectorAll('[role=columnheader]')];
        const box = table.getBoundingClientRect();
        const found = new Set<string>();
        for (const scrolled of [0, 150, 300, 450, 600, 2000]) {
          table.scrollLeft = scrolled;
          for (const head of heads) {
            const { left, right } = head.getBoundingClientRect();
            if (left >= box.left - 1 && right <= box.right + 1) found.add(head.textContent.trim());
          }
        }
        const name = table.querySelector('.title')?.getBoundingClientRect();
        return { all: heads.length, found: found.size, name: (name?.left ?? -1) - box.left };
      });
      expect(seen.found, size).toBe(seen.all);
      expect(seen.all, size).toBeGreaterThanOrEqual(11);
      expect(seen.name, size).toBeGreaterThan(0);
      expect(seen.name, size).toBeLessThan(100);
      await close();
    }
  });

  it.each([640, 800, 1000, 1110, 1180, 1280, 1360, 1600])(
    'nothing moves when a second is read out, %i pixels wide',
    async (width) => {
      const shot = SHOTS.find(([name]) => name === 'video-moments-narrow') as Shot;
      const { page, close } = await openShot(browser, address, shot);
      await shot[3]?.(page);
      await page.getByRole('button', { name: 'Usual for this course' }).click();
      await page.setViewportSize({ width, height: 900 });
      const plot = page.locator('.plot[aria-label*="by second"]');
      const place = () => page.locator('section', { has: plot }).last().boundingBox();
      const moments = () => page.locator('#moments-title').boundingBox();
      await page.mouse.move(2, 2);
      await atRest(page);
      await plot.focus();
      // Nothing is read out yet; a further Escape would leave the video.
      if ((await page.locator('.chart .at').count()) > 0) await page.keyboard.press('Escape');
      await page.locator('.chart .at').waitFor({ state: 'detached' });
      const before = [await place(), await moments()];
      await plot.focus();
      for (let step = 0; step < 60; step += 1) await page.keyboard.press('ArrowRight');
      await page.locator('.said').waitFor();
      expect([await place(), await moments()]).toEqual(before);
      await close();
    },
  );

  it('the menu of the map stays on the line of its colours', async () => {
    const { page, close } = await openShot(browser, address, ['key', '', 'normal']);
    await page.locator('.sidebar li a').first().click();
    for (const measure of ['reached', 'rewatched', 'playedAgain', 'comparedWithCourse']) {
      await page.getByLabel('Colour by').selectOption(measure);
      await page.waitForTimeout(400);
      const [select, menu] = await Promise.all(
        ['.key select', '.key .legend + *'].map((at) => page.locator(at).boundingBox()),
      );
      expect(Math.abs((select?.y ?? 0) - (menu?.y ?? 99)), measure).toBeLessThan(14);
      expect(menu?.x ?? 0, measure).toBeGreaterThan(900);
    }
    await close();
  });
});

// Every chart there is, in both themes: explained, saved as SVG and PNG, with its data as a table, read out by keyboard and
// by pointer, and without an axe problem. The list of charts is that of Rust: a new one without an entry here does not
// compile.

import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';

import { startChromium } from '../../scripts/chromium.mjs';
import { axeProblems, openShot } from '../../scripts/shots.mjs';
import type { ChartKind } from '../../src/lib/bindings';
import { atRest } from './rest';

interface Place {
  /** What its menu is called. */
  menu: RegExp;
  /** What its *What is this?* is about. */
  explained: RegExp;
  /** From the page of the course to the chart. */
  open: (page: Page) => Promise<void>;
  /** What takes the keys. */
  focus: (page: Page) => Locator;
  /** What can be pointed at. */
  point: (page: Page) => Locator;
  /** The words that are read out, or none. */
  readout: (page: Page) => Promise<string>;
}

const openVideo = async (page: Page) => {
  await page.locator('[role=grid] [role=row]', { hasText: 'Energy balance of a street' }).click();
  await page.locator('.figures').waitFor();
};
const openParts = async (page: Page) => {
  await openVideo(page);
  await page.getByRole('button', { name: 'By part', exact: true }).click();
  await page.getByRole('slider', { name: /^Average time/ }).waitFor();
};
const view = (name: string) => async (page: Page) => {
  await page.getByRole('tab', { name }).click();
  await page.locator('.key').waitFor();
};
/** A chart that is read out in its head. */
const slider = (name: RegExp): Pick<Place, 'focus' | 'point' | 'readout'> => ({
  focus: (page) => page.getByRole('slider', { name }),
  point: (page) => page.getByRole('slider', { name }),
  readout: async (page) => (await page.getByRole('slider', { name }).getAttribute('aria-valuetext')) ?? '',
});
/** The text of what is there, or nothing. */
const textOf = (page: Page, selector: string) =>
  page.evaluate((at) => document.querySelector(at)?.textContent ?? '', selector);
/** Videos in a grid, whose read-out floats beside them. */
const grid: Pick<Place, 'focus' | 'readout'> = {
  focus: (page) => page.locator('#videos [role=grid], #videos [role=listbox]'),
  readout: (page) => textOf(page, '.tip, .hint'),
};

const PLACES: Record<ChartKind, Place> = {
  time: {
    menu: /^Viewers across time: more/,
    explained: /^What is this. Viewers across time/,
    open: async () => {},
    focus: (page) => page.locator('.range .plot'),
    point: (page) => page.locator('.range .plot'),
    readout: (page) => textOf(page, '.range .head .position'),
  },
  timeline: {
    menu: /^Viewers across the timeline: more/,
    explained: /^What is this. Viewers across the timeline/,
    open: openParts,
    ...slider(/^Viewers across the timeline, read value by value/),
  },
  bySecond: {
    menu: /by second: more/,
    explained: /^What is this. .*by second/,
    open: openVideo,
    ...slider(/by second, read second by second/),
  },
  averageTime: {
    menu: /^Average time.*: more/,
    explained: /^What is this. Average time/,
    open: openParts,
    ...slider(/^Average time.*read value by value/),
  },
  map: {
    menu: /^Map: more/,
    explained: /^What is this. Share who reached the part/,
    open: view('Map'),
    ...grid,
    point: (page) => page.locator('#videos .strip').nth(3),
  },
  heat: {
    menu: /^Heat map: more/,
    explained: /^What is this. Unique viewers/,
    open: view('Heat'),
    ...grid,
    point: (page) => page.locator('#videos .cell').nth(3),
  },
  timelines: {
    menu: /^Timelines: more/,
    explained: /^What is this. Timelines/,
    open: view('Timelines'),
    ...grid,
    point: (page) => page.locator('#videos .chart').nth(3),
  },
};

const address = inject('pages');

describe.skipIf(!address)('every chart', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startChromium();
  });
  afterAll(() => browser?.close());

  const both = Object.entries(PLACES).flatMap(([kind, place]) =>
    ['', 'dark'].map((theme) => [kind, theme, place] as const),
  );

  it.each(both)('%s %s', async (kind, theme, place) => {
    const { page, problems, close } = await openShot(browser, address, [kind, theme, 'normal']);
    await page.locator('.sidebar li a').first().click();
    await page.getByRole('grid', { name: /^Map/ }).waitFor();
    await place.open(page);
    const menu = page.getByRole('button', { name: place.menu });
    await menu.waitFor();

    // What it counts.
    await page.getByRole('button', { name: place.explained }).first().click();
    const note = page.getByRole('note');
    await note.waitFor();
    expect((await note.textContent())?.length ?? 0).toBeGreaterThan(120);
    await atRest(page);
    expect(await axeProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await note.waitFor({ state: 'detached' });

    // Its data, and both files.
    await menu.click();
    for (const format of ['SVG', 'PNG'])
      expect(await page.getByRole('menuitem', { name: new RegExp(`as ${format}$`) }).isEnabled()).toBe(true);
    await page.getByRole('menuitem', { name: 'Show the data' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.locator('tbody tr').first().waitFor();
    const [rows, columns] = await Promise.all([
      dialog.locator('tbody tr').count(),
      dialog.locator('thead th').count(),
    ]);
    expect(rows).toBeGreaterThan(1);
    expect(await dialog.locator('tbody td').count()).toBe(rows * (columns - 1));
    await atRest(page);
    expect(await axeProblems(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    // Read out by keyboard, and by pointer.
    await page.mouse.move(2, 2);
    const before = await place.readout(page);
    await place.focus(page).focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => place.readout(page), { timeout: 10_000 }).not.toBe(before);
    await place.point(page).hover();
    await expect.poll(async () => (await place.readout(page)).length, { timeout: 10_000 }).toBeGreaterThan(3);
    expect([...problems, ...(await axeProblems(page))]).toEqual([]);
    await close();
  });
});

// Pictures of every screen in every state, over the fake backend, each checked with axe-core:
// `npm run screens [part of a name]...`. They go to test-results/screens; problems are printed and fail the run. Chromium is taken from CHROMIUM or the usual place.

import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';

import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const SIZES = {
  normal: [1180, 780],
  small: [1000, 650],
  narrow: [800, 650],
  half: [640, 720],
  wide: [1600, 1000],
  zoom: [500, 325],
};

const course = (page) => page.locator('.sidebar li a').first().click();
const video = async (page) => {
  await course(page);
  await page.locator('[role=grid] [role=row]').nth(3).click();
  await page.waitForSelector('.figures');
};
const tab = (name) => async (page) => {
  await course(page);
  await page.getByRole('tab', { name }).click();
};
const hover = (selector, x, y) => async (page) => {
  const box = await page.locator(selector).first().boundingBox();
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
};
const drag = async (page) => {
  const box = await page.locator('.range .plot').boundingBox();
  await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.62, box.y + 40, { steps: 6 });
  await page.mouse.up();
  await page.mouse.move(5, 5);
};
const then =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };
const go = (hash) => (page) => page.evaluate((to) => (location.hash = to), hash);
const click = (name) => (page) => page.getByRole('button', { name }).first().click();
const press = (key) => (page) => page.keyboard.press(key);

/** name, situations, size, what to do */
const SHOTS = [
  ['welcome', 'welcome', 'normal'],
  ['welcome-dark-small', 'welcome,dark', 'small'],
  ['welcome-sample', 'welcome,syncing', 'normal'],
  ['connect-empty', 'welcome', 'normal', go('#/connect')],
  ['connect-empty-narrow-dark', 'welcome,dark', 'narrow', go('#/connect')],
  ['connect-signedin', '', 'normal', go('#/connect')],
  ['connect-nokeychain', 'signedout,nokeychain', 'normal', go('#/connect')],
  [
    'connect-waiting',
    'signedout,neverback',
    'normal',
    then(go('#/connect'), click('Sign in with the browser')),
  ],
  [
    'connect-error',
    'signedout',
    'normal',
    then(
      go('#/connect'),
      (page) => page.getByLabel('With user name').check(),
      (page) => page.getByLabel('User name', { exact: true }).fill('mokafor'),
      (page) => page.getByLabel('Password', { exact: true }).fill('wrong'),
      click(/^Sign in$/),
      (page) => page.waitForSelector('[role=alert]'),
    ),
  ],
  ['connect-it', 'welcome', 'normal', then(go('#/connect'), click('Show the text'))],
  ['empty', 'empty', 'normal'],
  ['nodata', 'nodata', 'normal', course],
  ['unwatched', 'unwatched', 'normal', course],
  ['add', '', 'normal', go('#/add')],
  ['add-search-dark', 'dark', 'small', then(go('#/add'), (page) => page.getByRole('searchbox').fill('29'))],
  [
    'add-refused',
    '',
    'normal',
    then(
      go('#/add'),
      (page) => page.getByRole('searchbox').fill('https://elsewhere.example.com/some/page'),
      click('Add this folder'),
      (page) => page.waitForSelector('[role=alert]'),
    ),
  ],
  ['add-long-half', '', 'half', then(go('#/add'), (page) => page.getByRole('searchbox').fill('ti'))],
  ['add-offline-half-dark', 'offline,dark', 'half', go('#/add')],
  ['offline-half', 'offline,long', 'half', then((page) => page.locator('.bar .button').click(), course)],
  [
    'offline-nodata',
    'offline,nodata',
    'normal',
    then(course, click(/^Sync$/), (page) => page.waitForTimeout(600)),
  ],
  ['offline-details', 'offline', 'normal', then(course, (page) => page.getByText('Details').click())],
  ['map-half-dark', 'dark,long', 'half', then((page) => page.locator('.bar .button').click(), course)],
  ['video-half', 'long', 'half', then((page) => page.locator('.bar .button').click(), video)],
  ['table-half', 'long', 'half', then((page) => page.locator('.bar .button').click(), tab('Table'))],
  ['settings-empty-half', 'empty', 'half', go('#/settings')],
  ['connect-half-dark', 'welcome,dark', 'half', go('#/connect')],
  [
    'export-half-dark',
    'exported,dark,long',
    'half',
    then((page) => page.locator('.bar .button').click(), course, click('Export to Tableau')),
  ],
  ['add-offline', 'offline', 'normal', go('#/add')],
  ['map', '', 'normal', course],
  ['map-dark', 'dark', 'normal', course],
  ['map-small', '', 'small', course],
  ['map-narrow', '', 'narrow', course],
  ['map-wide', '', 'wide', course],
  ['map-wide-dark', 'dark', 'wide', course],
  ['map-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), course)],
  ['map-hover', '', 'normal', then(course, hover('.strip >> nth=4', 0.62, 0.5))],
  ['map-range', '', 'normal', then(course, drag)],
  ['map-range-dark', 'dark', 'normal', then(course, drag)],
  ['map-long', 'long', 'normal', course],
  ['map-many', 'many', 'normal', course],
  ['heat', '', 'normal', tab('Heat')],
  ['heat-dark', 'dark', 'normal', tab('Heat')],
  ['heat-wide', '', 'wide', tab('Heat')],
  ['heat-long-narrow', 'long', 'narrow', tab('Heat')],
  ['timelines', '', 'normal', tab('Timelines')],
  ['timelines-dark', 'dark', 'normal', tab('Timelines')],
  ['timelines-narrow', 'long', 'narrow', tab('Timelines')],
  ['table', '', 'normal', tab('Table')],
  ['table-dark', 'dark', 'normal', tab('Table')],
  ['table-small', '', 'small', tab('Table')],
  ['table-narrow', '', 'narrow', tab('Table')],
  ['table-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), tab('Table'))],
  ['table-many', 'many', 'wide', tab('Table')],
  ['top', '', 'normal', tab('Top')],
  ['top-dark-long', 'dark,long', 'normal', tab('Top')],
  ['nofind', '', 'normal', then(course, (page) => page.getByLabel('Find a video').fill('zzz'))],
  ['sample', 'sample', 'normal', course],
  ['syncing', 'syncing', 'normal', course],
  ['syncing-dark', 'syncing,dark', 'small', course],
  ['first-sync', 'syncing,nodata', 'normal', course],
  ['first-sync-dark', 'syncing,nodata,dark,long', 'small', course],
  ['first-sync-zoom', 'syncing,nodata', 'zoom', then((page) => page.locator('.bar .button').click(), course)],
  ['first-sync-waiting', 'syncing,nodata', 'normal', (page) => page.locator('.sidebar li a').nth(1).click()],
  ['first-sync-finishing', 'finishing,nodata', 'normal', course],
  ['stopped', 'stopped', 'normal', course],
  ['stopped-nodata', 'stopped,nodata', 'normal', course],
  ['novideos', 'novideos', 'normal', course],
  ['failed-nodata', 'failed,nodata', 'normal', course],
  ['partial', 'partial', 'normal', course],
  ['partial-list', 'partial', 'normal', then(course, click('Show which'))],
  ['failed', 'failed', 'normal', course],
  ['signedout', 'signedout', 'normal', course],
  ['offline', 'offline,dark', 'normal', course],
  ['busy', 'busy', 'normal', course],
  ['broken', 'broken', 'normal', course],
  ['startfail', 'startfail', 'normal'],
  ['manycourses', 'manycourses', 'small', course],
  ['video', '', 'normal', video],
  ['video-dark', 'dark', 'normal', video],
  ['video-small', '', 'small', video],
  ['video-narrow', '', 'narrow', video],
  ['video-wide', '', 'wide', video],
  ['video-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), video)],
  ['video-hover', '', 'normal', then(video, hover('.chart[aria-label*="timeline"]', 0.43, 0.5))],
  ['video-hover-dark', 'dark', 'normal', then(video, hover('.chart[aria-label*="timeline"]', 0.43, 0.5))],
  ['video-range', '', 'normal', then(video, drag)],
  ['video-explain', '', 'normal', then(video, click('What is this? Covered'))],
  ['video-menu', '', 'normal', then(video, click('Viewers across the timeline: more'))],
  [
    'video-data',
    '',
    'normal',
    then(video, click('Viewers across the timeline: more'), (page) =>
      page.getByRole('menuitem', { name: 'Show the data' }).click(),
    ),
  ],
  ['video-long', 'long', 'normal', video],
  ['video-unwatched', 'unwatched', 'normal', video],
  ['export', '', 'normal', then(course, click('Export to Tableau'))],
  [
    'export-ready-dark',
    'exported,dark',
    'normal',
    then(course, click('Export to Tableau'), (page) => page.getByLabel('Only some').check()),
  ],
  [
    'export-done',
    'exported',
    'normal',
    then(course, click('Export to Tableau'), click(/^Export$/), (page) =>
      page.getByRole('button', { name: 'Done' }).waitFor(),
    ),
  ],
  ['settings', '', 'normal', go('#/settings')],
  ['settings-dark-narrow', 'dark', 'narrow', go('#/settings')],
  ['shortcuts', '', 'normal', then(course, press('?'))],
  ['shortcuts-dark-mac', 'dark,mac', 'small', then(course, press('?'))],
  [
    'undo',
    '',
    'normal',
    then(course, click('More for this course'), (page) =>
      page.getByRole('menuitem', { name: 'Remove from the list' }).click(),
    ),
  ],
  [
    'focus-handle',
    '',
    'normal',
    then(
      course,
      press('Tab'),
      (page) => page.getByRole('slider', { name: 'First day' }).focus(),
      press('PageUp'),
      press('PageUp'),
    ),
  ],
  [
    'focus-chart-dark',
    'dark',
    'normal',
    then(
      video,
      press('Tab'),
      (page) => page.getByRole('slider', { name: /Viewers across the timeline/ }).focus(),
      press('ArrowRight'),
      press('ArrowRight'),
      press('ArrowRight'),
    ),
  ],
  [
    'removed',
    'long',
    'normal',
    then(
      course,
      click('More for this course'),
      (page) => page.getByRole('menuitem', { name: 'Remove with its data' }).click(),
      go('#/add'),
    ),
  ],
  [
    'hint',
    'long',
    'normal',
    then(course, hover('[role=row] .name >> nth=0', 0.5, 0.5), (page) => page.waitForTimeout(600)),
  ],
  ['drawer', '', 'zoom', (page) => page.locator('.bar .button').click()],
  [
    'export-narrow',
    'exported',
    'zoom',
    then((page) => page.locator('.bar .button').click(), course, click('Export to Tableau')),
  ],
  ['toast-error', 'busy', 'normal', then(course, click(/^Sync$/))],
  ['add-many', 'manycourses,dark', 'narrow', go('#/add')],
  [
    'focus-map',
    '',
    'normal',
    then(
      course,
      (page) => page.getByRole('tab', { name: 'Map' }).focus(),
      (page) => page.getByRole('grid').focus(),
      press('ArrowDown'),
      press('ArrowDown'),
      press('ArrowRight'),
      press('ArrowRight'),
      press('ArrowRight'),
    ),
  ],
];

const wanted = process.argv.slice(2);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
let failures = 0;
const out = new URL('../test-results/screens/', import.meta.url).pathname;
await mkdir(out, { recursive: true });

const server = await createServer({ server: { port: 0, strictPort: false }, logLevel: 'error' });
await server.listen();
const origin = server.resolvedUrls.local[0];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars=false'],
});
try {
  for (const [name, situations, size, act] of SHOTS) {
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    const [width, height] = SIZES[size];
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
    const problems = [];
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    try {
      await page.goto(`${origin}?fake=${situations}`);
      await page.waitForSelector('main');
      await act?.(page);
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${out}${name}.png` });
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      for (const { id, nodes } of violations) {
        problems.push(
          `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary.split('\n')[1]}`)[0]} (${nodes.length})`,
        );
      }
    } catch (error) {
      problems.push(String(error).split('\n')[0]);
      await page.screenshot({ path: `${out}${name}.png` });
    }
    failures += problems.length;
    console.log(problems.length > 0 ? `${name}: ${problems.join(' | ')}` : name);
    await page.close();
  }
} finally {
  await browser.close();
  await server.close();
}
process.exitCode = failures > 0 ? 1 : 0;

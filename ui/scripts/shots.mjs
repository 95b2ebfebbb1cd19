// The screens and their states: how to reach each, for pictures and for the checks of their layout.

import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// Run as a script of its own: the page's policy refuses one that is added to it.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const SIZES = {
  normal: [1180, 780],
  small: [1000, 650],
  narrow: [800, 650],
  half: [640, 720],
  wide: [1600, 1000],
  zoom: [500, 325],
  // The usual window at 200 %.
  double: [590, 390],
};

const course = (page) => page.locator('.sidebar li a').first().click();
const video = async (page) => {
  await course(page);
  await page.locator('[role=grid] [role=row]').nth(3).click();
  await page.waitForSelector('.figures');
};
/** The lecture in which moments are planted. */
const lecture = async (page) => {
  await course(page);
  await page.locator('[role=grid] [role=row]', { hasText: 'Energy balance of a street' }).click();
  await page.waitForSelector('.mark');
};
const tab = (name) => async (page) => {
  await course(page);
  await page.getByRole('tab', { name }).click();
};
const hover = (selector, x, y) => async (page) => {
  const box = await page.locator(selector).first().boundingBox();
  await page.mouse.move(box.x + box.width * x, box.y + box.height * y);
};
/** Opens two levels of the tree, adds its first course, which is fetched, and its second, which waits. */
const addAndFetch = async (page) => {
  await page.evaluate(() => (location.hash = '#/add'));
  await page.getByRole('treeitem').first().focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  await page.getByRole('button', { name: /^Add GEOG/ }).click();
  await page
    .getByText(/of 40 videos/)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /^Add PSYC/ }).click();
  await page.getByText('Waiting to be fetched').waitFor();
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
/** Others see the screen from here on. */
const present = async (page) => {
  await page.keyboard.press('Control+Shift+P');
  await page.locator('.presenting').waitFor();
};
const go = (hash) => (page) => page.evaluate((to) => (location.hash = to), hash);
const click = (name) => (page) => page.getByRole('button', { name }).first().click();
/** Puts an exam on a day of the course. */
const putDate = async (page) => {
  await page.locator('.range .plot').focus();
  for (let step = 0; step < 40; step += 1) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('d');
  await page.getByLabel('Name', { exact: true }).fill('Midterm');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('button', { name: 'Remove Midterm' }).waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
};
const scrollDown = async (page) => {
  await page.locator('#videos').hover();
  await page.mouse.wheel(0, 300);
};
/** The nightly job in the settings. */
const nightly = (page) => page.locator('.nightly').scrollIntoViewIfNeeded();
const rest = (page) => page.waitForTimeout(900);
const press = (key) => (page) => page.keyboard.press(key);

/** Begins to sync the course on screen, and waits until something is shown of it. */
const sync = then(press('Control+r'), (page) => page.getByRole('progressbar').first().waitFor());
const sample = (page) => page.getByRole('button', { name: /Look around/ }).click();

/** The sample with what is new told, and its first course compared with last year's. */
const terms = async (page) => {
  await sample(page);
  await page.locator('.news ul').waitFor({ timeout: 60_000 });
};
const compareWithLastYear = async (page) => {
  await page.getByRole('button', { name: 'More for this course' }).click();
  await page.getByRole('menuitem', { name: /^Compare with GEOG/ }).click();
  await page.getByRole('group', { name: 'Compared' }).waitFor();
};
const chooseTab = (name) => (page) => page.getByRole('tab', { name }).click();
const openRow = (text) => async (page) => {
  await page.locator('[role=grid] [role=row]', { hasText: text }).click();
  await page.waitForSelector('.mark');
};
const compareSheet = async (page) => {
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: 'Videos that belong together' }).waitFor();
  await page.locator('dialog select').first().waitFor();
};

/** Searches for what is said in the videos. */
const find = (words) => async (page) => {
  await course(page);
  await page.getByLabel('Find a video').fill(words);
  await page.locator('.said .summary').waitFor();
};
const colourBy = (measure) => async (page) => {
  await course(page);
  await page.getByLabel('Colour by').selectOption(measure);
};
/** Picks a calendar with lectures every week, an exam, and a time zone that nobody knows. */
const pickCalendar = async (page) => {
  const file = join(tmpdir(), `timetable-${process.pid}.ics`);
  const event = (uid, summary, when) =>
    `BEGIN:VEVENT\r\nUID:${uid}\r\nSUMMARY:${summary}\r\n${when}\r\nEND:VEVENT\r\n`;
  writeFileSync(
    file,
    'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n' +
      event('a', 'GEOG 204 lecture', 'DTSTART:20260907T170000Z\r\nRRULE:FREQ=WEEKLY;COUNT=6') +
      event('b', 'Midterm exam', 'DTSTART;VALUE=DATE:20261005') +
      event('c', 'Essay is due', 'DTSTART;TZID=Campus Time:20261116T235900') +
      'END:VCALENDAR\r\n',
  );
  const program = page.url().replace(/page\/.*$/, '');
  await fetch(`${program}test/pick`, { method: 'POST', body: JSON.stringify(file) });
  await page.getByRole('button', { name: 'Choose an .ics file…' }).click();
  await page.getByText(/Which time zone is/).waitFor();
};
const menuItem = (button, item) => async (page) => {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('menuitem', { name: item }).click();
};
/** The matrix of people, with the keyboard in it. */
const matrix = async (page) => {
  await page.locator('.cells svg').first().waitFor();
  await page.getByRole('grid', { name: 'People by videos' }).focus();
};
const groups = (page) => page.getByRole('heading', { name: /^Not opened/ }).waitFor();
const person = (page) => page.locator('table .strip svg, table .none').first().waitFor();
const peopleList = async (page) => {
  await page.getByRole('button', { name: 'List', exact: true }).click();
  await page.getByRole('grid', { name: 'People', exact: true }).waitFor();
};
const showOnly = (who) => (page) => page.locator('.tools select').first().selectOption(who);
const findPerson = (words) => (page) => page.getByLabel('Find a person').fill(words);
const chosenPeople = (page) => page.getByText(/^\d+ chosen$/).waitFor();
/** Where the courses are behind a button. */
const toCourses = (page) => page.locator('.bar .button').click();
const classListSheet = async (page) => {
  await page.getByRole('button', { name: 'More for this course' }).click();
  await page.getByRole('menuitem', { name: 'Class list…' }).click();
  await page.getByText(/^The list stays in the data folder/).waitFor();
};
const paste = (text) => async (page) => {
  await page.getByLabel('Or paste addresses, user names or numbers').fill(text);
  await page.getByRole('button', { name: 'Look at it' }).click();
};
const pasteList = then(paste('Okonjo-Vale, Mira <mvale7@example.edu>\ntlind@example.edu\n?!\n'), (page) =>
  page.getByRole('button', { name: 'Use this list' }).waitFor(),
);
const pasteNoList = then(paste('Dear all,\nplease watch lecture 5.\n'), (page) =>
  page.locator('dialog [role=alert]').waitFor(),
);
const creditSheet = async (page) => {
  await page.getByRole('button', { name: 'More for this course' }).click();
  await page.getByRole('menuitem', { name: 'Credit for watching…' }).click();
  for (const at of [0, 1, 2, 3]) await page.locator('dialog input[type=checkbox]').nth(at).check();
  await page.getByLabel('By', { exact: true }).fill('2025-12-01');
  await page.keyboard.press('Tab');
  await page.getByRole('heading', { name: 'Preview' }).waitFor();
};
const toTheEnd = (page) =>
  page.locator('dialog .body').evaluate((body) => (body.scrollTop = body.scrollHeight));

/**
 * Name, situations, size, what to do.
 * @type {[string, string, string, ((page: import('playwright-core').Page) => Promise<unknown>)?][]}
 */
export const SHOTS = [
  ['terms-news', 'firstStart', 'normal', terms],
  ['terms-news-dark', 'firstStart,dark', 'normal', terms],
  ['terms-news-narrow', 'firstStart', 'narrow', terms],
  ['terms-news-double', 'firstStart', 'double', terms],
  ['terms-compared', 'firstStart', 'normal', then(terms, compareWithLastYear)],
  ['terms-compared-dark', 'firstStart,dark', 'normal', then(terms, compareWithLastYear)],
  ['terms-compared-narrow', 'firstStart', 'narrow', then(terms, compareWithLastYear, chooseTab('Table'))],
  ['terms-compared-double', 'firstStart', 'double', then(terms, compareWithLastYear)],
  ['terms-table', 'firstStart', 'wide', then(terms, compareWithLastYear, chooseTab('Table'))],
  ['terms-timelines', 'firstStart', 'normal', then(terms, compareWithLastYear, chooseTab('Timelines'))],
  [
    'terms-difference',
    'firstStart',
    'normal',
    then(terms, compareWithLastYear, (page) => page.getByLabel('Colour by').selectOption('difference')),
  ],
  [
    'terms-difference-dark',
    'firstStart,dark',
    'normal',
    then(terms, compareWithLastYear, (page) => page.getByLabel('Colour by').selectOption('difference')),
  ],
  [
    'terms-video',
    'firstStart',
    'normal',
    then(terms, compareWithLastYear, openRow('Energy balance of a street')),
  ],
  [
    'terms-video-parts-dark',
    'firstStart,dark',
    'narrow',
    then(terms, compareWithLastYear, openRow('Energy balance of a street'), click('By part')),
  ],
  ['terms-sheet', 'firstStart', 'normal', then(terms, compareWithLastYear, compareSheet)],
  ['terms-sheet-dark-small', 'firstStart,dark', 'small', then(terms, compareWithLastYear, compareSheet)],
  ['terms-flag', 'firstStart', 'normal', then(terms, hover('.flag >> nth=-1', 0.5, 0.5), rest)],
  [
    'terms-flag-dark-narrow',
    'firstStart,dark',
    'narrow',
    then(terms, hover('.flag >> nth=-1', 0.5, 0.5), rest),
  ],
  ['terms-dates', 'firstStart', 'normal', then(terms, menuItem('More for this course', /^Dates/))],
  [
    'terms-dates-dark-double',
    'firstStart,dark',
    'double',
    then(terms, menuItem('More for this course', /^Dates/)),
  ],
  [
    'terms-calendar',
    'firstStart',
    'normal',
    then(terms, menuItem('More for this course', /^Dates/), pickCalendar),
  ],
  [
    'terms-top-dark',
    'firstStart,dark',
    'normal',
    then(terms, chooseTab('Top'), (page) => page.locator('.moments').waitFor()),
  ],
  ['terms-on-time', 'firstStart', 'wide', then(terms, chooseTab('Table'))],
  [
    'terms-menu',
    'firstStart',
    'normal',
    then(terms, (page) => page.getByRole('button', { name: 'More for this course' }).click()),
  ],
  ['welcome', 'firstStart', 'normal'],
  ['welcome-dark-small', 'firstStart,dark', 'small'],
  ['welcome-sample', 'firstStart', 'normal', sample],
  ['connect-empty', 'firstStart', 'normal', go('#/connect')],
  ['connect-empty-narrow-dark', 'firstStart,dark', 'narrow', go('#/connect')],
  ['connect-signedin', '', 'normal', go('#/connect')],
  ['connect-nokeychain', 'signedOut,noKeychain', 'normal', go('#/connect')],
  [
    'connect-waiting',
    'signedOut',
    'normal',
    then(
      go('#/connect'),
      (page) => page.getByLabel('With the browser').check(),
      click('Sign in with the browser'),
    ),
  ],
  [
    'connect-error',
    'signedOut',
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
  ['connect-it', 'firstStart', 'normal', then(go('#/connect'), click('Show the text'))],
  ['empty', 'noCourses', 'normal'],
  ['nodata', 'neverSynced', 'normal', course],
  ['unwatched', 'unwatched', 'normal', course],
  ['add', '', 'normal', go('#/add')],
  ['add-fetching', 'noCourses,stallsWhileFetching', 'normal', addAndFetch],
  ['add-fetching-narrow-dark', 'noCourses,stallsWhileFetching,dark', 'narrow', addAndFetch],
  ['add-fetching-zoom', 'noCourses,stallsWhileFetching', 'zoom', addAndFetch],
  ['add-search-dark', 'dark', 'small', then(go('#/add'), (page) => page.getByRole('searchbox').fill('we'))],
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
  ['offline-half', 'offline,hardNames', 'half', then((page) => page.locator('.bar .button').click(), course)],
  [
    'offline-nodata',
    'offline,neverSynced',
    'normal',
    then(course, click(/^Sync$/), (page) => page.waitForTimeout(600)),
  ],
  ['offline-details', 'offline', 'normal', then(course, (page) => page.getByText('Details').click())],
  ['map-half-dark', 'dark,hardNames', 'half', then((page) => page.locator('.bar .button').click(), course)],
  ['video-half', 'hardNames', 'half', then((page) => page.locator('.bar .button').click(), video)],
  ['table-half', 'hardNames', 'half', then((page) => page.locator('.bar .button').click(), tab('Table'))],
  ['settings-empty-half', 'noCourses', 'half', go('#/settings')],
  ['connect-half-dark', 'firstStart,dark', 'half', go('#/connect')],
  [
    'export-half-dark',
    'exported,dark,hardNames',
    'half',
    then((page) => page.locator('.bar .button').click(), course, press('Control+e')),
  ],
  ['add-offline', 'offline', 'normal', go('#/add')],
  ['map', '', 'normal', course],
  ['map-dark', 'dark', 'normal', course],
  ['map-small', '', 'small', course],
  ['map-narrow', '', 'narrow', course],
  ['map-wide', '', 'wide', course],
  ['map-wide-dark', 'dark', 'wide', course],
  ['map-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), course)],
  ['map-double', '', 'double', then((page) => page.locator('.bar .button').click(), course, scrollDown)],
  ['map-hover', '', 'normal', then(course, hover('.strip >> nth=4', 0.62, 0.5))],
  ['map-range', '', 'normal', then(course, drag)],
  ['map-range-dark', 'dark', 'normal', then(course, drag)],
  ['map-long', 'hardNames', 'normal', course],
  ['map-many', 'manyVideos', 'normal', course],
  ['map-again', '', 'normal', colourBy('playedAgain')],
  ['map-compared-dark', 'dark', 'normal', colourBy('comparedWithCourse')],
  ['map-explained', '', 'normal', then(course, click(/^What is this. Share who reached the part/))],
  ['map-data', '', 'normal', then(course, menuItem('Map: more', 'Show the data'))],
  [
    'timelines-data-dark-narrow',
    'dark',
    'narrow',
    then(tab('Timelines'), menuItem('Timelines: more', 'Show the data')),
  ],
  ['facts-explained-dark', 'dark', 'normal', then(course, click('What is this? These facts'))],
  ['words', '', 'normal', find('albedo')],
  ['words-dark-narrow', 'dark', 'narrow', find('albedo')],
  ['words-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), find('albedo'))],
  ['words-none', '', 'normal', find('quaternion')],
  [
    'words-opened',
    '',
    'normal',
    then(
      find('albedo'),
      (page) => page.locator('.place').nth(2).click(),
      (page) => page.locator('.said').waitFor(),
    ),
  ],
  ['heat', '', 'normal', tab('Heat')],
  ['heat-dark', 'dark', 'normal', tab('Heat')],
  ['heat-wide', '', 'wide', tab('Heat')],
  ['heat-long-narrow', 'hardNames', 'narrow', tab('Heat')],
  ['timelines', '', 'normal', tab('Timelines')],
  ['timelines-dark', 'dark', 'normal', tab('Timelines')],
  ['timelines-narrow', 'hardNames', 'narrow', tab('Timelines')],
  ['table', '', 'normal', tab('Table')],
  ['table-dark', 'dark', 'normal', tab('Table')],
  ['table-small', '', 'small', tab('Table')],
  ['table-narrow', '', 'narrow', tab('Table')],
  ['table-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), tab('Table'))],
  ['table-many', 'manyVideos', 'wide', tab('Table')],
  [
    'table-dates-narrow',
    'hardNames',
    'narrow',
    then(tab('Table'), (page) => page.locator('.table').evaluate((table) => (table.scrollLeft = 2000))),
  ],
  [
    'range-wrong',
    '',
    'normal',
    then(
      course,
      (page) => page.getByLabel('First chosen day').fill('31 Feb 2025'),
      press('Enter'),
      (page) => page.waitForSelector('[role=alert]'),
    ),
  ],
  ['dates', '', 'normal', then(course, putDate)],
  [
    'dates-sheet-dark',
    'dark',
    'narrow',
    then(course, putDate, (page) => page.locator('.flag').first().click()),
  ],
  ['dates-sheet', '', 'normal', then(course, putDate, (page) => page.locator('.flag').first().click())],
  [
    'dates-sheet-zoom',
    '',
    'zoom',
    then(
      (page) => page.locator('.bar .button').click(),
      course,
      click('More for this course'),
      (page) => page.getByRole('menuitem', { name: /^Dates/ }).click(),
    ),
  ],
  [
    'explain-coverage',
    '',
    'normal',
    then(course, (page) => page.getByRole('button', { name: /^What is this. Share who covered/ }).click()),
  ],
  [
    'explain-coverage-dark',
    'dark',
    'narrow',
    then(course, (page) => page.getByRole('button', { name: /^What is this. Share who covered/ }).click()),
  ],
  [
    'timelines-part',
    '',
    'normal',
    then(tab('Timelines'), hover('.timeline .chart >> nth=7', 0.4, 0.5), (page) =>
      page.waitForSelector('.tip'),
    ),
  ],
  ['top', '', 'normal', tab('Top')],
  ['top-dark-long', 'dark,hardNames', 'normal', tab('Top')],
  ['people', 'named', 'normal', then(tab('People'), matrix)],
  ['people-dark', 'named,dark', 'normal', then(tab('People'), matrix)],
  ['people-wide', 'named', 'wide', then(tab('People'), matrix)],
  ['people-small', 'named', 'small', then(tab('People'), matrix)],
  ['people-narrow-dark', 'named,dark', 'narrow', then(tab('People'), matrix)],
  [
    'people-double',
    'named',
    'double',
    then((page) => page.locator('.bar .button').click(), tab('People'), matrix),
  ],
  ['people-off', '', 'normal', then(tab('People'), matrix)],
  ['people-many', 'manyVideos', 'normal', then(tab('People'), matrix)],
  ['people-long', 'hardNames,named', 'narrow', then(tab('People'), matrix)],
  ['people-hover', 'named', 'normal', then(tab('People'), matrix, hover('.cells >> nth=6', 0.3, 0.5), rest)],
  [
    'people-chosen',
    'named',
    'normal',
    then(tab('People'), matrix, press('Space'), press('ArrowDown'), press('Space'), chosenPeople),
  ],
  ['people-list', 'named', 'normal', then(tab('People'), matrix, peopleList)],
  ['people-list-dark-narrow', 'named,dark', 'narrow', then(tab('People'), matrix, peopleList)],
  ['people-list-double', 'named', 'double', then(toCourses, tab('People'), matrix, peopleList)],
  ['people-list-off', '', 'normal', then(tab('People'), matrix, peopleList)],
  ['people-behind', 'named', 'normal', then(tab('People'), matrix, showOnly('behind'))],
  ['people-not-listed', 'named', 'normal', then(tab('People'), matrix, showOnly('notListed'))],
  ['people-nobody', 'named', 'normal', then(tab('People'), matrix, findPerson('zzz'))],
  ['people-one', 'oneViewer', 'normal', then(tab('People'), matrix)],
  [
    'people-chosen-narrow-dark',
    'named,dark',
    'narrow',
    then(tab('People'), matrix, press('Space'), press('ArrowDown'), press('Space'), chosenPeople),
  ],
  [
    'people-tidied',
    'named',
    'normal',
    then(
      tab('People'),
      matrix,
      click('People: more'),
      (page) => page.getByRole('menuitem', { name: 'Tidy people…' }).click(),
      click(/^Make .* one person$/),
      (page) =>
        page.getByRole('button', { name: 'Take apart' }).or(page.getByText('Joined')).first().waitFor(),
    ),
  ],
  [
    'people-tidy',
    'named',
    'normal',
    then(tab('People'), matrix, click('People: more'), (page) =>
      page.getByRole('menuitem', { name: 'Tidy people…' }).click(),
    ),
  ],
  ['video-people', 'named', 'normal', then(video, chooseTab('People'), groups)],
  ['video-people-dark', 'named,dark', 'normal', then(video, chooseTab('People'), groups)],
  ['video-people-wide', 'named', 'wide', then(video, chooseTab('People'), groups)],
  ['video-people-narrow', 'named', 'narrow', then(video, chooseTab('People'), groups)],
  [
    'video-people-double-dark',
    'named,dark',
    'double',
    then((page) => page.locator('.bar .button').click(), video, chooseTab('People'), groups),
  ],
  [
    'video-people-copied',
    'named',
    'normal',
    then(video, chooseTab('People'), groups, click(/^Copy/), (page) =>
      page.getByText(/addresses? copied/).waitFor(),
    ),
  ],
  [
    'video-people-by',
    'named',
    'normal',
    then(video, chooseTab('People'), groups, (page) => page.getByLabel('By').selectOption('typed')),
  ],
  ['video-people-find', 'named', 'normal', then(video, chooseTab('People'), groups, findPerson('castillo'))],
  ['video-people-off', '', 'normal', then(video, chooseTab('People'), groups)],
  ['video-people-one', 'oneViewer', 'normal', then(video, chooseTab('People'), groups)],
  ['person', 'named', 'normal', then(tab('People'), matrix, press('Enter'), person)],
  ['person-dark', 'named,dark', 'normal', then(tab('People'), matrix, press('Enter'), person)],
  ['person-narrow', 'named', 'narrow', then(tab('People'), matrix, press('Enter'), person)],
  [
    'person-double',
    'named',
    'double',
    then((page) => page.locator('.bar .button').click(), tab('People'), matrix, press('Enter'), person),
  ],
  [
    'person-forget',
    'named',
    'normal',
    then(tab('People'), matrix, press('Enter'), person, click('More for this person'), (page) =>
      page.getByRole('menuitem', { name: 'Forget this person…' }).click(),
    ),
  ],
  ['credit', 'named', 'normal', then(course, creditSheet)],
  ['credit-no-list', '', 'normal', then(course, menuItem('More for this course', 'Credit for watching…'))],
  [
    'credit-decide',
    'named',
    'normal',
    then(course, creditSheet, (page) =>
      page
        .getByRole('button', { name: /^Decide for/ })
        .first()
        .click(),
    ),
  ],
  ['credit-rows', 'named', 'normal', then(course, creditSheet, toTheEnd)],
  ['class-list', 'named', 'normal', then(course, classListSheet)],
  ['class-list-double-dark', 'named,dark', 'double', then(toCourses, course, classListSheet)],
  ['class-list-empty', '', 'normal', then(course, classListSheet)],
  ['class-list-preview', '', 'normal', then(course, classListSheet, pasteList)],
  ['class-list-refused', '', 'normal', then(course, classListSheet, pasteNoList)],
  ['credit-dark', 'named,dark', 'small', then(course, creditSheet, toTheEnd)],
  ['nofind', '', 'normal', then(course, (page) => page.getByLabel('Find a video').fill('zzz'))],
  ['sample', 'firstStart', 'normal', then(sample, (page) => page.getByText(/^These are sample/).waitFor())],
  ['syncing', 'stallsWhileFetching', 'normal', then(course, sync)],
  ['syncing-dark', 'stallsWhileFetching,dark', 'small', then(course, sync)],
  ['first-sync', 'stallsWhileFetching,neverSynced', 'normal', then(course, sync)],
  ['first-sync-dark', 'stallsWhileFetching,neverSynced,dark,hardNames', 'small', then(course, sync)],
  [
    'first-sync-zoom',
    'stallsWhileFetching,neverSynced',
    'zoom',
    then((page) => page.locator('.bar .button').click(), course, sync),
  ],
  [
    'first-sync-waiting',
    'stallsWhileFetching,neverSynced',
    'normal',
    then(course, press('Control+Shift+R'), (page) => page.locator('.sidebar li a').nth(1).click()),
  ],
  ['first-sync-finishing', 'stallsAtTheEnd,neverSynced', 'normal', then(course, sync)],
  ['stopped', 'syncStopped', 'normal', course],
  ['stopped-nodata', 'syncStopped,neverSynced', 'normal', course],
  ['novideos', 'noVideos', 'normal', course],
  ['failed-nodata', 'syncFailed,neverSynced', 'normal', course],
  ['partial', 'syncedInPart', 'normal', course],
  ['partial-list', 'syncedInPart', 'normal', then(course, click('Show which'))],
  ['failed', 'syncFailed', 'normal', course],
  ['signedout', 'signedOut', 'normal', course],
  ['offline', 'offline,dark', 'normal', course],
  [
    'full-disk',
    'fullDisk,stallsWhileFetching',
    'normal',
    then(course, press('Control+r'), (page) => page.waitForTimeout(1500)),
  ],
  ['one-viewer', 'oneViewer', 'normal', course],
  ['broken', 'damagedData', 'normal', course],
  ['damaged-list', 'damagedList', 'normal'],
  ['manycourses', 'manyCourses', 'small', course],
  ['video', '', 'normal', video],
  ['video-dark', 'dark', 'normal', video],
  ['video-small', '', 'small', video],
  ['video-narrow', '', 'narrow', video],
  ['video-wide', '', 'wide', video],
  ['video-zoom', '', 'zoom', then((page) => page.locator('.bar .button').click(), video)],
  ['video-hover', '', 'normal', then(video, hover('.plot[aria-label*="timeline"]', 0.43, 0.5))],
  ['video-hover-dark', 'dark', 'normal', then(video, hover('.plot[aria-label*="timeline"]', 0.43, 0.5))],
  ['video-range', '', 'normal', then(video, drag)],
  ['video-explain', '', 'normal', then(video, click('What is this? Covered'))],
  ['video-part', '', 'normal', then(video, click('By part'))],
  ['video-part-narrow-dark', 'dark', 'narrow', then(video, click('By part'))],
  ['video-moments', '', 'normal', then(lecture, press('m'))],
  ['video-moments-dark', 'dark', 'wide', then(lecture, click('Usual for this course'), press('m'))],
  ['video-moments-narrow', '', 'narrow', then(lecture, press('m'))],
  ['video-captions', '', 'normal', then(lecture, press('m'), click(/^Captions/))],
  ['video-captions-narrow-dark', 'dark', 'narrow', then(lecture, press('m'), click(/^Captions/))],
  ['video-explained', '', 'normal', then(lecture, click(/^What is this. .*by second/))],
  [
    'video-explained-dark-double',
    'dark',
    'double',
    then((page) => page.locator('.bar .button').click(), lecture, click(/^What is this. .*by second/)),
  ],
  [
    'video-parts-explained',
    '',
    'normal',
    then(video, click('By part'), click(/^What is this. Viewers across the timeline/)),
  ],
  [
    'video-moments-double',
    '',
    'double',
    then((page) => page.locator('.bar .button').click(), lecture, press('m')),
  ],
  [
    'video-one-viewer',
    'oneViewer',
    'normal',
    then(
      course,
      (page) => page.locator('[role=grid] [role=row]').nth(1).click(),
      (page) => page.locator('#moments-title').waitFor(),
    ),
  ],
  [
    'video-no-words',
    '',
    'normal',
    then(
      course,
      (page) => page.locator('[role=grid] [role=row]', { hasText: 'Lab 1' }).click(),
      (page) => page.locator('#moments-title').waitFor(),
      rest,
    ),
  ],
  ['video-near', '', 'normal', then(lecture, press('m'), click('Nearer'), click('Nearer'))],
  ['video-menu', '', 'normal', then(video, click('Viewers across the timeline, by second: more'))],
  [
    'video-data',
    '',
    'normal',
    then(video, click('Viewers across the timeline, by second: more'), (page) =>
      page.getByRole('menuitem', { name: 'Show the data' }).click(),
    ),
  ],
  ['video-long', 'hardNames', 'normal', video],
  ['video-unwatched', 'unwatched', 'normal', video],
  ['export', '', 'normal', then(course, press('Control+e'))],
  [
    'export-ready-dark',
    'exported,dark',
    'normal',
    then(course, press('Control+e'), (page) => page.getByLabel('Only some').check()),
  ],
  [
    'export-done',
    'exported',
    'normal',
    then(course, press('Control+e'), click(/^Export$/), (page) =>
      page.getByRole('button', { name: 'Done' }).waitFor(),
    ),
  ],
  ['presenting-map', '', 'normal', then(course, present)],
  ['presenting-map-dark-narrow', 'dark', 'narrow', then(course, present)],
  ['presenting-map-double', '', 'double', then(course, present)],
  ['presenting-people', 'named', 'normal', then(tab('People'), present)],
  ['presenting-video-people', 'named', 'normal', then(video, chooseTab('People'), groups, present)],
  ['presenting-person', 'named', 'normal', then(tab('People'), matrix, press('Enter'), person, present)],
  ['presenting-table', '', 'normal', then(tab('Table'), present)],
  ['presenting-timelines', '', 'normal', then(tab('Timelines'), present)],
  ['presenting-video', '', 'normal', then(video, present)],
  ['presenting-video-dark-narrow', 'dark', 'narrow', then(video, present)],
  ['presenting-settings', '', 'normal', then(present, go('#/settings'))],
  [
    'settings-privacy',
    '',
    'normal',
    then(go('#/settings'), (page) => page.locator('.privacy').scrollIntoViewIfNeeded()),
  ],
  [
    'settings-fact-sheet',
    '',
    'normal',
    then(go('#/settings'), (page) => page.getByRole('button', { name: 'Fact sheet' }).click()),
  ],
  ['settings', '', 'normal', go('#/settings')],
  ['nightly-off', 'exported', 'normal', then(go('#/settings'), nightly)],
  ['nightly-never-exported', '', 'normal', then(go('#/settings'), nightly)],
  ['nightly-on', 'everyNight', 'normal', then(go('#/settings'), nightly)],
  ['nightly-on-dark-narrow', 'everyNight,dark', 'narrow', then(go('#/settings'), nightly)],
  ['nightly-failed', 'nightFailed', 'normal', then(go('#/settings'), nightly)],
  [
    'nightly-double',
    'nightFailed',
    'double',
    then((page) => page.locator('.bar .button').click(), go('#/settings'), nightly),
  ],
  ['nightly-no-scheduler', 'exported,noScheduler', 'normal', then(go('#/settings'), nightly)],
  ['settings-dark-narrow', 'dark', 'narrow', go('#/settings')],
  ['licences', '', 'normal', then(go('#/settings'), click('Show licences'))],
  ['guide', '', 'normal', then(course, press('F1'))],
  ['guide-dark-narrow', 'dark', 'narrow', then(course, press('F1'))],
  ['guide-double', '', 'double', press('F1')],
  ['shortcuts', '', 'normal', then(course, press('?'))],
  ['shortcuts-dark', 'dark', 'small', then(course, press('?'))],
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
    'hardNames',
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
    'hardNames',
    'normal',
    then(course, hover('[role=row] .name >> nth=0', 0.5, 0.5), (page) => page.waitForTimeout(600)),
  ],
  ['drawer', '', 'zoom', (page) => page.locator('.bar .button').click()],
  [
    'export-narrow',
    'exported',
    'zoom',
    then((page) => page.locator('.bar .button').click(), course, press('Control+e')),
  ],
  ['toast-error', 'busy', 'normal', then(course, click(/^Sync$/))],
  ['add-many', 'manyCourses,dark', 'narrow', go('#/add')],
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

/**
 * Opens the page of a program in the situations of a shot; `address` is that of `panopto-analytics-dev`.
 * @param {import('playwright-core').Browser} browser
 * @param {string} address
 * @param {(typeof SHOTS)[number]} shot
 */
export async function openShot(browser, address, [, situations, size]) {
  const response = await fetch(`${address}program`, {
    method: 'POST',
    body: JSON.stringify({ situations: situations.split(',').filter(Boolean) }),
  });
  if (!response.ok) throw new Error(await response.text());
  const program = `${address}program/${(await response.json()).name}`;
  const [width, height] = SIZES[size];
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1 });
  /** @type {string[]} */
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  await page.goto(`${program}/page/`);
  await page.waitForSelector('main');
  const close = async () => {
    await page.close();
    await fetch(program, { method: 'DELETE' });
  };
  return { page, problems, close };
}

/**
 * What axe-core finds, one line for each rule.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function axeProblems(page) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.map(({ id, nodes }) => {
    const [{ target, failureSummary }] = nodes;
    return `${id}: ${target} ${failureSummary.split('\n')[1]} (${nodes.length})`;
  });
}

// Courses are added, fetched and removed, step by step, over the real program.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import { expectAccessible, FIRST, lastCall, openCourse, openWindow, SECOND } from './open';

/** A folder on the server that is not on the list. */
const WRITING = '6513270e-269e-4d37-b2a7-4de452e6b403';

describe('syncing', () => {
  it('shows progress in the row of the course and can be stopped', async () => {
    const opened = await openCourse(['stallsWhileFetching']);
    await opened.user.click(screen.getByRole('button', { name: 'Sync' }));
    const sidebar = within(screen.getByRole('navigation', { name: 'Courses' }));
    // The server answers 11 of the calls and then falls silent.
    expect(await sidebar.findByText('11 of 40 videos')).toBeTruthy();
    for (const text of [/^[\d,]+ viewing records?$/, 'Syncing 27 %'])
      expect(sidebar.getByText(text)).toBeTruthy();
    await expectAccessible();
    // The window stays usable.
    await opened.user.click(screen.getByRole('tab', { name: 'Top' }));
    expect(screen.getByText('Most viewers')).toBeTruthy();
    // There is one way to stop, on every page.
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    expect(sidebar.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await opened.user.click(sidebar.getByRole('link', { name: /GEOG 204/ }));
    await waitFor(() => expect(sidebar.queryByRole('button', { name: /Stop/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Stop sync' }));
    expect(await screen.findByText(/^Stopped/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Continue' })).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' }).hasAttribute('disabled')).toBe(false),
    );
  });

  it('shows on the page what the first sync is doing, and the map when it is done', async () => {
    const opened = await openWindow(['neverSynced']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    expect(await screen.findByRole('grid', { name: /^Map/ }, { timeout: 30_000 })).toBeTruthy();
    // It begins with the first videos, and grows.
    await waitFor(
      () =>
        expect(document.querySelector('.facts')?.textContent).toMatch(
          /^40 videos · 4\d viewers · \d+ h( \d+ min)? watched · data up to/,
        ),
      { timeout: 60_000 },
    );
    expect(screen.queryByRole('region', { name: 'First sync' })).toBeNull();
  });

  it('shows the videos of a first sync as they come, and no zeros for the others', async () => {
    const opened = await openWindow(['neverSynced', 'stallsWhileFetching']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const page = within(screen.getByRole('main'));
    // The server answers 11 of the calls and then falls silent.
    expect(await page.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    const line = page.getByRole('region', { name: 'First sync' });
    const here = () =>
      /^(\d+) of 40 videos fetched$/.exec(line.querySelector('strong')?.textContent ?? '')?.[1];
    await waitFor(() => {
      expect(Number(here())).toBeGreaterThanOrEqual(8);
      expect(Number(here())).toBeLessThan(14);
      expect(document.querySelector('.facts')?.textContent).toMatch(new RegExp(`^${here()} videos · `));
      expect(document.querySelector('[role=grid]')?.getAttribute('aria-rowcount')).toBe(
        String(Number(here()) + 1),
      );
    });
    expect(page.queryByText(/Nobody has watched/)).toBeNull();
    const bar = within(line).getByRole('progressbar', { name: 'Fetching viewing records' });
    expect(Number(bar.getAttribute('aria-valuenow'))).toBeLessThan(0.5);
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await expectAccessible();
    await opened.user.click(within(line).getByRole('button', { name: 'Stop sync' }));
    expect(await within(line).findByText(/^Stopped just now\./)).toBeTruthy();
    expect(here()).toBeDefined();
    expect(page.getByRole('grid', { name: /^Map/ })).toBeTruthy();
    expect(within(line).getByRole('button', { name: 'Continue' })).toBeTruthy();
  });

  it('is never at 100 % before it is over', async () => {
    const opened = await openWindow(['neverSynced', 'stallsAtTheEnd']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const bar = await screen.findByRole('progressbar', { name: 'Work out which parts were watched' });
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.getByText('Finishing')).toBeTruthy();
    // Nothing is proven yet, so no video is shown. Each step of the work says how far it is.
    const page = within(screen.getByRole('main'));
    expect(page.getByText('List the folders and videos').closest('li')?.className).toContain('done');
    expect(page.queryByText(/no videos yet/)).toBeNull();
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await expectAccessible();
    expect(document.body.textContent).not.toContain('100 %');
    await opened.program.do('serverAnswers', null);
  });

  it('reads the course again when it is done', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    await opened.user.keyboard('{Control>}r{/Control}');
    expect(await screen.findByText('1 course up to date')).toBeTruthy();
    expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before);
    expect(lastCall(opened, 'sync_start')?.courseIds).toEqual([app.courses[0]?.id]);
  });

  it('says once that the server cannot be reached, in words, and keeps what is shown', async () => {
    const { user } = await openCourse(['offline']);
    const away = () => screen.queryAllByText(/^The server .* cannot be reached\.?$/);
    const alerts = () => [...screen.queryAllByRole('alert'), ...document.querySelectorAll('.toast')];
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(away()).toHaveLength(1));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' }).hasAttribute('disabled')).toBe(false),
    );
    expect(alerts()).toEqual([]);
    expect(screen.getByText(/^Check the name of the server/)).toBeTruthy();
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
    // The system's own words are there for those who want them.
    const details = screen.getByText(/os error \d+/).closest('details') as HTMLDetailsElement;
    expect(details.open).toBe(false);
    await expectAccessible();

    // Once dismissed, it does not come back in another place.
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(away()).toEqual([]);
    expect(alerts()).toEqual([]);
    // On the page that looks for folders, the reason is shown only once as well.
    location.hash = '#/add';
    await screen.findByText(/listed here once the server can be reached/);
    await waitFor(() => expect(away()).toHaveLength(1));
    expect(alerts()).toEqual([]);
  });

  it('says once that nobody is signed in', async () => {
    await openCourse(['signedOut']);
    expect(screen.queryByRole('button', { name: 'Sync' })).toBeNull();
    expect(screen.getAllByText(/not signed in|no longer accepts the sign-in|does not accept/)).toHaveLength(
      1,
    );
    expect(screen.queryAllByRole('alert')).toEqual([]);
    expect(document.querySelectorAll('.toast')).toHaveLength(0);
  });

  it('says it once before anything was fetched, with the next step', async () => {
    const { user } = await openWindow(['neverSynced', 'offline']);
    await user.click(await screen.findByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(screen.queryAllByText(/cannot be reached\.?$/)).toHaveLength(1));
    expect(await screen.findByRole('heading', { name: 'Nothing fetched yet' })).toBeTruthy();
    expect(screen.queryAllByRole('alert')).toEqual([]);
  });

  it('lists what failed, with its reason', async () => {
    const { user } = await openCourse(['syncedInPart']);
    await user.click(screen.getByRole('button', { name: 'Show which' }));
    expect(await screen.findByText(/Session is being processed/)).toBeTruthy();
    await expectAccessible();
  });

  it('is refused while another process writes', async () => {
    const { user } = await openCourse(['busy']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    expect(
      await screen.findByText(/^The data folder .* is being written by another window or command/),
    ).toBeTruthy();
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
  });

  it('says that the disk is full, and shows what is stored', async () => {
    const { user } = await openCourse(['fullDisk', 'stallsWhileFetching']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(screen.getAllByText(/full/).length).toBeGreaterThan(0));
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
    await expectAccessible();
  });
});

describe('the course list', () => {
  it('adds by search', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), 'writing');
    await user.click(await screen.findByRole('button', { name: /^Add Writing centre workshops/ }));
    expect(await screen.findByText('Writing centre workshops added')).toBeTruthy();
    expect(await screen.findByText('On the list')).toBeTruthy();
    expect(await screen.findByRole('link', { name: /Writing centre workshops/ })).toBeTruthy();
  });

  it('says which folder a folder is in, to every reader', async () => {
    const { user } = await openWindow(['hardNames'], '#/add');
    await user.type(await screen.findByRole('searchbox'), 'tutorials');
    // The second course has a short name; the first a long one. The tip of its button has the whole of both names, and
    // appears for keyboard users too.
    const [long, short] = await screen.findAllByRole('button', { name: /^Add Labs, tutorials & more, in / });
    expect(short?.getAttribute('aria-label') ?? short?.textContent).toContain('in 財務会計入門');
    expect(short?.closest('li')?.textContent).toContain('in 財務会計入門');
    expect(short?.dataset.tip).toBeUndefined();
    expect(long?.dataset.tip).toMatch(/^Labs, tutorials & more\nin COMM 290 .*الكمي$/);
    await expectAccessible();
  });

  it('adds by links and IDs, several at once', async () => {
    const opened = await openWindow(['noCourses'], '#/add');
    const field = await screen.findByRole('searchbox');
    const ids = [WRITING, 'c09be7d4-51f2-47a6-8e1d-b21e00a4f0a3'];
    await fireEvent.input(field, { target: { value: ids.join(' ') } });
    await opened.user.click(await screen.findByRole('button', { name: 'Add 2 folders' }));
    expect(await screen.findByText(`Writing centre workshops and ${SECOND} added`)).toBeTruthy();
    expect(lastCall(opened, 'courses_add')?.inputs).toEqual(ids);
  });

  it('says at the field why a link cannot be used', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), 'https://elsewhere.example.com/x');
    await user.click(screen.getByRole('button', { name: 'Add this folder' }));
    expect(await screen.findByText(/This link leads to elsewhere\.example\.com/)).toBeTruthy();
    expect(screen.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true');
  });

  it('removes a course and restores it', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Remove with its data' }));
    const told = /GEOG 204, Cities & Climate removed; its data is deleted when the program is closed/;
    expect(await screen.findByText(told)).toBeTruthy();
    expect(lastCall(opened, 'course_remove')).toMatchObject({ deleteData: true });
    await waitFor(() => expect(screen.queryByRole('link', { name: /GEOG 204/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('link', { name: /GEOG 204/ })).toBeTruthy();
  });

  it('undoes a removal long after the message has gone: with the keys, and on the page that adds courses', async () => {
    const opened = await openCourse();
    const remove = async (what: string) => {
      await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
      await opened.user.click(screen.getByRole('menuitem', { name: what }));
      await screen.findByText(/GEOG 204, Cities & Climate removed/);
      await opened.user.click(screen.getByRole('button', { name: 'Dismiss' }));
      await waitFor(() => expect(screen.queryByRole('link', { name: /GEOG 204/ })).toBeNull());
    };
    await remove('Remove with its data');
    // A text field has its own undo.
    await opened.user.type(await screen.findByLabelText('Find a video'), 'x{Control>}z{/Control}');
    expect(opened.names()).not.toContain('course_remove_undo');
    (document.activeElement as HTMLElement).blur();
    await opened.user.keyboard('{Control>}z{/Control}');
    expect(await screen.findByRole('heading', { level: 1, name: FIRST })).toBeTruthy();

    await remove('Remove from the list');
    location.hash = '#/add';
    await screen.findByRole('heading', { name: 'Recently removed' });
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: `Put back ${FIRST}` }));
    expect(await screen.findByRole('heading', { level: 1, name: FIRST })).toBeTruthy();
    expect(app.removals.undoable).toEqual([]);
  });

  it('recognises a dropped courses.csv, .env and folder', async () => {
    const opened = await openCourse();
    const { program } = opened;
    const list = join(program.dir, 'courses.csv');
    writeFileSync(list, `PanoptoFolderName,PanoptoFolderID\nWriting centre workshops,${WRITING}\n`);
    program.hand('tauri://drag-enter', { paths: [list] });
    expect(await screen.findByText('Drop to add the courses of this list')).toBeTruthy();
    program.hand('tauri://drag-drop', { paths: [list] });
    expect(await screen.findByText('Writing centre workshops added')).toBeTruthy();
    writeFileSync(list, 'PanoptoFolderName,PanoptoFolderID\nCOMM 299,\n');
    program.hand('tauri://drag-drop', { paths: [list] });
    expect(await screen.findByText(/Line 2 .*courses\.csv/)).toBeTruthy();

    const env = join(program.dir, '.env');
    writeFileSync(env, 'SERVER=uni.example\nUSERNAME=maya\nPASSWORD=p#w\n');
    program.hand('tauri://drag-drop', { paths: [env] });
    expect(await screen.findByText(/delete the \.env file/)).toBeTruthy();

    // The added course is fetched first.
    await waitFor(() => expect(app.sync).toBeNull(), { timeout: 60_000 });
    const folder = join(program.dir, 'scripts');
    mkdirSync(folder);
    writeFileSync(
      join(folder, 'courses.csv'),
      `PanoptoFolderName,PanoptoFolderID\nOnly this one,${WRITING}\n`,
    );
    program.hand('tauri://drag-drop', { paths: [folder] });
    expect(await screen.findByRole('link', { name: /Only this one/ })).toBeTruthy();
    expect(lastCall(opened, 'data_folder_open_path')?.path).toBe(folder);
  });

  it('follows changes by another process when the window comes to the front', async () => {
    const { program } = await openCourse();
    const list = join(program.data, 'courses.csv');
    writeFileSync(list, `${readFileSync(list, 'utf8')}Added by a nightly job,${WRITING}\n`);
    await program.do('front', null);
    expect(await screen.findByRole('link', { name: /Added by a nightly job/ })).toBeTruthy();
  });
});

describe('the sample', () => {
  it('starts from the welcome screen, is marked, and leaves nothing', async () => {
    const { user } = await openWindow(['firstStart']);
    await user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
    expect(await screen.findByText(/These are sample courses/, {}, { timeout: 60_000 })).toBeTruthy();
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Leave the sample' }));
    expect(await screen.findByRole('heading', { name: /See how your lectures/ })).toBeTruthy();
  }, 90_000);
});

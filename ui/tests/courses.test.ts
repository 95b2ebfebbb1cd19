// Courses come, are fetched and go, step by step, over the real program.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import { expectAccessible, lastCall, openCourse, openWindow } from './open';

describe('syncing', () => {
  it('shows progress in the row of the course and can be stopped', async () => {
    const opened = await openCourse(['stallsWhileFetching']);
    await opened.user.click(screen.getByRole('button', { name: 'Sync' }));
    const sidebar = within(screen.getByRole('navigation', { name: 'Courses' }));
    expect(await sidebar.findByText('26 of 42 videos')).toBeTruthy();
    for (const text of ['15,912 viewing records', 'Less than a minute left', 'Syncing 61 %'])
      expect(sidebar.getByText(text)).toBeTruthy();
    await expectAccessible();
    // The window stays usable.
    await opened.user.click(screen.getByRole('tab', { name: 'Top' }));
    expect(screen.getByText('Most viewers')).toBeTruthy();
    // One way to stop, wherever one is.
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    expect(sidebar.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await opened.user.click(sidebar.getByRole('link', { name: /COMM 290/ }));
    await waitFor(() => expect(sidebar.queryByRole('button', { name: /Stop/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Stop sync' }));
    expect(await screen.findByText(/Stopped; what was fetched is kept/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Continue' })).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' }).hasAttribute('disabled')).toBe(false),
    );
  });

  it('shows on the page what the first sync does, and the map when it is done', async () => {
    const opened = await openWindow(['neverSynced']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    expect(document.querySelector('.facts')?.textContent).toContain('42 videos · 186 viewers');
  });

  it('says step by step how far the first sync is, and has one way to stop it', async () => {
    const opened = await openWindow(['neverSynced', 'stallsWhileFetching']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const page = within(screen.getByRole('main'));
    const bar = await page.findByRole('progressbar', { name: 'Fetch the viewing records of each video' });
    await waitFor(() => expect(bar.getAttribute('aria-valuetext')).toContain('26 of 42 videos'));
    for (const text of ['26 of 42 videos', '15,912 viewing records', 'less than a minute left'])
      expect(page.getByText(text)).toBeTruthy();
    expect(page.getByText('List the folders and videos').closest('li')?.className).toContain('done');
    expect(page.getByText('Work out which parts were watched').closest('li')?.className).toContain('next');
    // Nothing says that there is nothing.
    expect(page.queryByText(/no videos yet/)).toBeNull();
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await expectAccessible();
    await opened.user.click(page.getByRole('button', { name: 'Stop sync' }));
    expect(await page.findByRole('heading', { name: 'The first sync was stopped' })).toBeTruthy();
    expect(page.getByRole('button', { name: 'Continue' })).toBeTruthy();
  });

  it('is never at 100 % before it is over', async () => {
    const opened = await openWindow(['neverSynced', 'stallsAtTheEnd']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const bar = await screen.findByRole('progressbar', { name: 'Work out which parts were watched' });
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.getByText('Finishing')).toBeTruthy();
    expect(document.body.textContent).not.toContain('100 %');
  });

  it('reads the course again when it is done', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    await opened.user.keyboard('{Control>}r{/Control}');
    expect(await screen.findByText('1 course synced, 1,204 new viewing records')).toBeTruthy();
    expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before);
    expect(lastCall(opened, 'sync_start')?.courseIds).toEqual([app.courses[0]?.id]);
  });

  it('tells once that the server cannot be reached, in words, and keeps what is there', async () => {
    const { user } = await openCourse(['offline']);
    const away = () => screen.queryAllByText(/^The server ubc\.ca\.panopto\.com cannot be reached\.?$/);
    const alerts = () => [...screen.queryAllByRole('alert'), ...document.querySelectorAll('.toast')];
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(away()).toHaveLength(1));
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' }).hasAttribute('disabled')).toBe(false),
    );
    expect(alerts()).toEqual([]);
    expect(screen.getByText(/^Check the name of the server/)).toBeTruthy();
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
    // What the system says of it is there for who wants it.
    const details = screen.getByText(/os error 111/).closest('details') as HTMLDetailsElement;
    expect(details.open).toBe(false);
    await expectAccessible();

    // Put away, it does not come back in another place.
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    expect(away()).toEqual([]);
    expect(alerts()).toEqual([]);
    // Where folders are looked for, the reason is told once as well.
    location.hash = '#/add';
    await screen.findByText(/listed here once the server can be reached/);
    await waitFor(() => expect(away()).toHaveLength(1));
    expect(alerts()).toEqual([]);
  });

  it('tells once that the sign-in has ended', async () => {
    const { user } = await openCourse(['signedOut']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(app.course(app.courses[0]?.id ?? '')?.lastSync?.outcome).toBe('failed'));
    await waitFor(() => expect(app.sync).toBeNull());
    expect(screen.getAllByText(/^The sign-in at ubc\.ca\.panopto\.com has ended/)).toHaveLength(1);
    expect(screen.queryAllByRole('alert')).toEqual([]);
    expect(document.querySelectorAll('.toast')).toHaveLength(0);
  });

  it('says it once before anything was fetched, and what the next step is', async () => {
    const { user } = await openWindow(['neverSynced', 'offline']);
    await user.click(await screen.findByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(screen.queryAllByText(/cannot be reached\.?$/)).toHaveLength(1));
    expect(await screen.findByRole('heading', { name: 'Nothing fetched yet' })).toBeTruthy();
    expect(screen.queryAllByRole('alert')).toEqual([]);
  });

  it('lists what failed, with its reason', async () => {
    const { user } = await openCourse(['syncedInPart']);
    await user.click(screen.getByRole('button', { name: 'Show which' }));
    expect(await screen.findByText(/did not answer in 60 seconds/)).toBeTruthy();
    await expectAccessible();
  });

  it('is refused while another process writes', async () => {
    const { user } = await openCourse(['busy']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(screen.getAllByText(/is writing this data folder/).length).toBe(2));
  });
});

describe('the course list', () => {
  it('adds by search', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), '294');
    await user.click(await screen.findByRole('button', { name: /^Add COMM 294 2021W2/ }));
    expect(await screen.findByText('COMM 294 2021W2 added')).toBeTruthy();
    expect(await screen.findByText('On the list')).toBeTruthy();
    expect(screen.getByRole('link', { name: /COMM 294 2021W2.*not synced yet/ })).toBeTruthy();
  });

  it('says of a folder which one it is in, to every reader', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), '294');
    const add = await screen.findByRole('button', { name: 'Add COMM 294 2021W2, in Sauder / Undergraduate' });
    expect(add.closest('li')?.textContent).toContain('in Sauder / Undergraduate');
    expect(add.dataset.tip).toBeUndefined();
    // A long one has the whole of its names in the tip of its button, which comes with the keyboard too.
    await user.clear(screen.getByRole('searchbox'));
    await user.type(screen.getByRole('searchbox'), 'sections');
    const long = await screen.findByRole('button', {
      name: /^Add Introduction to quantitative decision making/,
    });
    expect(long.dataset.tip).toMatch(/^Introduction .*\nin Sauder \/ .*Term 2$/);
    await expectAccessible();
  });

  it('adds by links and IDs, several at once', async () => {
    const opened = await openWindow([], '#/add');
    const field = await screen.findByRole('searchbox');
    const ids = ['6513270e-269e-4d37-b2a7-4de452e6b403', '6513270e-269e-4d37-b2a7-4de452e6b404'];
    await fireEvent.input(field, { target: { value: ids.join(' ') } });
    await opened.user.click(await screen.findByRole('button', { name: 'Add 2 folders' }));
    expect(await screen.findByText('COMM 294 2021W2 and COMM 298 2021W1 added')).toBeTruthy();
    expect(lastCall(opened, 'courses_add')?.inputs).toEqual(ids);
  });

  it('says at the field why a link is none', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), 'https://elsewhere.example.com/x');
    await user.click(screen.getByRole('button', { name: 'Add this folder' }));
    expect(await screen.findByText(/neither a folder ID nor a Panopto link/)).toBeTruthy();
    expect(screen.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true');
  });

  it('removes a course and takes it back', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Remove with its data' }));
    const told = /COMM 290 2021W1 removed; its data is deleted when the program is closed/;
    expect(await screen.findByText(told)).toBeTruthy();
    expect(lastCall(opened, 'course_remove')).toMatchObject({ deleteData: true });
    await waitFor(() => expect(screen.queryByRole('link', { name: /COMM 290/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('link', { name: /COMM 290/ })).toBeTruthy();
  });

  it('takes a removal back long after the message has gone: with the keys, and where courses are added', async () => {
    const opened = await openCourse();
    const remove = async (what: string) => {
      await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
      await opened.user.click(screen.getByRole('menuitem', { name: what }));
      await screen.findByText(/COMM 290 2021W1 removed/);
      await opened.user.click(screen.getByRole('button', { name: 'Dismiss' }));
      await waitFor(() => expect(screen.queryByRole('link', { name: /COMM 290/ })).toBeNull());
    };
    await remove('Remove with its data');
    // What is typed has its own undo.
    await opened.user.type(await screen.findByLabelText('Find a video'), 'x{Control>}z{/Control}');
    expect(opened.names()).not.toContain('course_remove_undo');
    (document.activeElement as HTMLElement).blur();
    await opened.user.keyboard('{Control>}z{/Control}');
    expect(await screen.findByRole('heading', { level: 1, name: 'COMM 290 2021W1' })).toBeTruthy();

    await remove('Remove from the list');
    location.hash = '#/add';
    await screen.findByRole('heading', { name: 'Recently removed' });
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Put back COMM 290 2021W1' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'COMM 290 2021W1' })).toBeTruthy();
    expect(app.removals.undoable).toEqual([]);
  });

  it('takes a dropped courses.csv, .env and folder for what they are', async () => {
    const opened = await openCourse();
    opened.program.emit('tauri://drag-enter', { paths: ['C:\\work\\courses.csv'] });
    expect(await screen.findByText('Drop to add the courses of this list')).toBeTruthy();
    opened.program.emit('tauri://drag-drop', { paths: ['C:\\work\\courses.csv'] });
    expect(await screen.findByText('COMM 294 2021W2 and COMM 298 2021W1 added')).toBeTruthy();
    expect(screen.getByText('Not added: Line 4 of courses.csv has no folder ID')).toBeTruthy();
    opened.program.emit('tauri://drag-drop', { paths: ['/home/x/.env'] });
    expect(await screen.findByText(/Delete the file now/)).toBeTruthy();
    opened.program.emit('tauri://drag-drop', { paths: ['/home/x/panopto'] });
    await waitFor(() => expect(lastCall(opened, 'data_folder_open_path')?.path).toBe('/home/x/panopto'));
  });
});

describe('the sample', () => {
  it('starts from the welcome screen, is marked, and leaves nothing', async () => {
    const { user } = await openWindow(['firstStart']);
    await user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
    expect(await screen.findByText(/These are sample courses/)).toBeTruthy();
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Leave the sample' }));
    expect(await screen.findByRole('heading', { name: /See how your lectures/ })).toBeTruthy();
  });
});

// What else people do, step by step, over the real program: connecting, exporting, settings, keys and menus.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import { app } from '../src/lib/app.svelte';
import { expectAccessible, lastRequest, openCourse, openWindow, type Opened } from './open';

/** The sentence without the system's words: bare (in a message) or with its full stop (in a banner). */
const AWAY = /^The server .* cannot be reached\.?$/;
/** The credentials of the sample's API client and user on its server. */
const CLIENT = { id: '5eb1ee0b-a28e-4bb0-8f55-b2f0010b4f64', secret: 'sim+Secret/with=odd&chars<here>%2B==' };
const USER = { name: 'demo.teacher', password: 'p&ss <word>+/=é' };

/** Does what a consenting person's browser does: follows the page that the program has opened. */
async function agreeInBrowser({ program }: Opened) {
  const page = await waitFor(async () => {
    const { pages } = await program.desktop();
    expect(pages).toHaveLength(1);
    return pages[0] as string;
  });
  await fetch(page);
}

describe('connecting', () => {
  it('goes through the browser and on to adding a course', async () => {
    const opened = await openWindow(['firstStart']);
    await opened.user.click(await screen.findByRole('button', { name: /Connect to Panopto/ }));
    await opened.user.type(await screen.findByLabelText('Server'), opened.program.server);
    await opened.user.type(screen.getByLabelText('Client ID'), CLIENT.id);
    const button = screen.getByRole('button', { name: 'Sign in with the browser' });
    expect(button.hasAttribute('disabled')).toBe(true);
    await fireEvent.input(screen.getByLabelText('Client secret'), { target: { value: CLIENT.secret } });
    await opened.user.click(button);
    await agreeInBrowser(opened);
    expect(await screen.findByText('Signed in as Maya Okafor')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: 'Add a course' })).toBeTruthy();
    expect(lastRequest(opened, 'connection_set')).toMatchObject({ clientSecret: CLIENT.secret });
  });

  it('can be abandoned while the browser is open', async () => {
    const opened = await openWindow(['signedOut'], '#/connect');
    await opened.user.click(await screen.findByLabelText('With the browser'));
    await opened.user.click(await screen.findByRole('button', { name: 'Sign in with the browser' }));
    expect(await screen.findByText('Waiting for your browser.')).toBeTruthy();
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Cancel' }));
    // Abandoning it is not an error.
    expect(await screen.findByRole('button', { name: 'Sign in with the browser' })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(opened.names()).toContain('job_cancel');
  });

  it('says beside the password what is wrong with it, and forgets the secret', async () => {
    const opened = await openWindow(['noCourses'], '#/connect');
    await opened.user.click(await screen.findByRole('button', { name: 'Sign out' }));
    await opened.user.click(await screen.findByLabelText('With user name and password'));
    await fireEvent.input(screen.getByLabelText('Client secret'), { target: { value: CLIENT.secret } });
    await opened.user.clear(screen.getByLabelText('User name'));
    await opened.user.type(screen.getByLabelText('User name'), USER.name);
    await opened.user.type(screen.getByLabelText('Password'), 'wrong');
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText(/does not accept/)).toBeTruthy();
    expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
    await opened.user.clear(screen.getByLabelText('Password'));
    await fireEvent.input(screen.getByLabelText('Password'), { target: { value: USER.password } });
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Signed in as Maya Okafor')).toBeTruthy();
    expect(document.body.textContent).not.toContain(USER.password);
    expect([...document.querySelectorAll('input')].map(({ value }) => value)).not.toContain(USER.password);
  });

  it('says at the server field what is wrong with the server', async () => {
    const { user } = await openWindow(['signedOut'], '#/connect');
    const server = await screen.findByLabelText('Server');
    await user.click(await screen.findByLabelText('With the browser'));
    await user.clear(server);
    await user.type(server, 'not a server');
    await user.click(screen.getByRole('button', { name: 'Sign in with the browser' }));
    await waitFor(() => expect(server.getAttribute('aria-describedby')).toBe('server-error'));
    expect(document.getElementById('server-error')?.textContent).toContain('not a server');
  });

  it('checks the sign-in, and asks to sign in if it has ended', async () => {
    const { user } = await openWindow(['offline'], '#/connect');
    await user.click(await screen.findByRole('button', { name: 'Check the sign-in' }));
    expect(await screen.findAllByText(AWAY)).toHaveLength(1);
    // Elsewhere it concerns the whole program, and is still said only once.
    await user.click(screen.getByRole('link', { name: /GEOG 204/ }));
    await waitFor(() => expect(screen.getByText(AWAY).closest('.banner')).toBeTruthy());
  });

  it('signs out', async () => {
    const { user } = await openWindow([], '#/connect');
    await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('Signed out')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy();
  });

  it('has a text for the IT department to copy', async () => {
    const { user } = await openWindow(['firstStart'], '#/connect');
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(await screen.findByRole('button', { name: 'Show the text' }));
    await user.click(await screen.findByRole('button', { name: 'Copy the text' }));
    expect(write.mock.calls[0]?.[0]).toMatch(/http:\/\/localhost:\d+\/redirect/);
  });
});

/** The open sheet; the page behind it has a button *Export* too. */
const sheet = () => within(screen.getByRole('dialog'));

describe('exporting', () => {
  it('lists what will be written, writes, and says what was', async () => {
    const opened = await openCourse();
    await opened.user.keyboard('{Control>}e{/Control}');
    expect(await screen.findByText('chunked_data.csv')).toBeTruthy();
    expect(sheet().getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(true);
    await expectAccessible();
    const folder = join(opened.program.dir, 'Tableau');
    mkdirSync(folder);
    await opened.program.do('pick', folder);
    await opened.user.click(screen.getByRole('button', { name: 'Choose a folder' }));
    await waitFor(() => expect(document.querySelector('dialog')?.textContent).toContain(folder));
    await opened.user.click(screen.getByLabelText(/pseudonyms/));
    await opened.user.click(sheet().getByRole('button', { name: 'Export' }));
    expect(await screen.findByText(/^40 rows, [\d.]+ kB$/)).toBeTruthy();
    expect(screen.getAllByText(/^[\d,]+ rows, [\d.]+ [kM]B$/)).toHaveLength(2);
    expect(readdirSync(folder).toSorted()).toEqual([
      'chunked_data.csv',
      'panopto_viewing.twb',
      'sessions_overview.csv',
    ]);
    expect(lastRequest(opened, 'export_run')).toEqual({
      courseIds: app.courses.slice(0, 1).map(({ id }) => id),
      pseudonyms: true,
      formulaGuard: false,
      tables: false,
    });
    await opened.user.click(screen.getByRole('button', { name: 'Done' }));

    // From now on it takes one step.
    await opened.user.keyboard('{Control>}{Shift>}e{/Shift}{/Control}');
    expect(await screen.findByText('3 files written')).toBeTruthy();
    expect(opened.names()).toContain('export_again');
  });

  it('reports in a toast if the sheet was closed meanwhile', async () => {
    const { user } = await openCourse(['exported']);
    await user.keyboard('{Control>}e{/Control}');
    await waitFor(() =>
      expect(sheet().getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(false),
    );
    await user.click(sheet().getByRole('button', { name: 'Export' }));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(await screen.findByText('3 files written')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Open folder' })).toBeTruthy();
  });
});

describe('settings', () => {
  it('change at once', async () => {
    const opened = await openWindow([], '#/settings');
    await opened.user.click(await screen.findByLabelText('Dark'));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    await opened.user.selectOptions(screen.getByLabelText('Reporting time zone'), 'Asia/Tokyo');
    await waitFor(() => expect(lastRequest(opened, 'settings_set')).toEqual({ timeZone: 'Asia/Tokyo' }));
    const days = screen.getByLabelText('Late records');
    await opened.user.clear(days);
    await opened.user.type(days, '5{Tab}');
    await waitFor(() => expect(lastRequest(opened, 'settings_set')).toEqual({ lookbackDays: 5 }));
  });

  it('copy a diagnostic text and show licences', async () => {
    const { user } = await openWindow([], '#/settings');
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(await screen.findByRole('button', { name: 'Copy diagnostic text' }));
    await waitFor(() => expect(write.mock.calls[0]?.[0]).toMatch(/keychain/i));
    await user.click(screen.getByRole('button', { name: 'Show licences' }));
    // There are hundreds of rows. That they can be read is checked in Chromium, which takes seconds.
    const sheet = await screen.findByText('Built from');
    expect(within(sheet.closest('dialog') as HTMLElement).getByText('plotters')).toBeTruthy();
  });
});

describe('the whole window', () => {
  it('shows its shortcuts with ?', async () => {
    const { user } = await openCourse();
    await user.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
    await expectAccessible();
  });

  it('has the user guide at hand, whose links lead on', async () => {
    const opened = await openCourse();
    await opened.user.keyboard('{F1}');
    const guide = await screen.findByRole('dialog', { name: 'User guide' });
    const link = await within(guide).findByRole('button', { name: 'Read a video' });
    const heading = within(guide).getByRole('heading', { name: 'Read a video' });
    const scrolled = vi.fn();
    heading.scrollIntoView = scrolled;
    await opened.user.click(link);
    expect(scrolled).toHaveBeenCalledOnce();
    expect(document.activeElement).toBe(heading);
    await expectAccessible();
    await opened.user.click(within(guide).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    await opened.program.do('menu', 'guide');
    expect(await screen.findByRole('dialog', { name: 'User guide' })).toBeTruthy();
  });

  it('does what the native menu says', async () => {
    const opened = await openCourse();
    await opened.program.do('menu', 'settings');
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
    await opened.program.do('menu', 'export');
    expect(await screen.findByRole('dialog', { name: 'Dataset for Tableau' })).toBeTruthy();
  });

  it('reads again when Rust says that data changed', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    // As the command line would.
    const list = join(opened.program.data, 'courses.csv');
    writeFileSync(list, readFileSync(list, 'utf8').replace('Cities', 'Towns'));
    await opened.program.do('front', null);
    await waitFor(() =>
      expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before),
    );
    expect(await screen.findByRole('heading', { level: 1, name: /Towns/ })).toBeTruthy();
  });

  it('asks to sign in if the server no longer accepts us', async () => {
    const { user } = await openCourse(['signedOut']);
    await user.click(screen.getAllByRole('button', { name: 'Sign in' })[0] as HTMLElement);
    expect(await screen.findByRole('heading', { name: 'Connect to Panopto' })).toBeTruthy();
  });
});

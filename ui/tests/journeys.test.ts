// What else people do, step by step, over the real program: connecting, exporting, settings, keys and menus.

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import { app } from '../src/lib/app.svelte';
import { expectAccessible, lastRequest, openCourse, openWindow } from './open';

/** The sentence in its bare form (a message) and with its full stop (a banner), without what the system says of it. */
const AWAY = /^The server ubc\.ca\.panopto\.com cannot be reached\.?$/;

describe('connecting', () => {
  it('goes through the browser and on to adding a course', async () => {
    const opened = await openWindow(['firstStart']);
    await opened.user.click(await screen.findByRole('button', { name: /Connect to Panopto/ }));
    await opened.user.type(await screen.findByLabelText('Server'), 'ubc.ca.panopto.com');
    await opened.user.type(screen.getByLabelText('Client ID'), '2b0c94a5');
    const button = screen.getByRole('button', { name: 'Sign in with the browser' });
    expect(button.hasAttribute('disabled')).toBe(true);
    await opened.user.type(screen.getByLabelText('Client secret'), 'a+b/c=&<');
    await opened.user.click(button);
    expect(await screen.findByText('Signed in as Maya Okafor')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: 'Add a course' })).toBeTruthy();
    expect(lastRequest(opened, 'connection_set')).toMatchObject({ clientSecret: 'a+b/c=&<' });
  });

  it('can be given up while the browser is open', async () => {
    const opened = await openWindow(['signedOut', 'neverback'], '#/connect');
    await opened.user.click(await screen.findByRole('button', { name: 'Sign in with the browser' }));
    expect(await screen.findByText('Waiting for your browser.')).toBeTruthy();
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Cancel' }));
    // Given up is not an error.
    expect(await screen.findByRole('button', { name: 'Sign in with the browser' })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(opened.names()).toContain('job_cancel');
  });

  it('says at the place what is wrong with the password, and forgets the secret', async () => {
    const opened = await openWindow(['signedOut'], '#/connect');
    await opened.user.click(await screen.findByLabelText('With user name and password'));
    await opened.user.type(screen.getByLabelText('User name'), 'mokafor');
    await opened.user.type(screen.getByLabelText('Password'), 'wrong');
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText(/does not accept this user name and password/)).toBeTruthy();
    expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
    await opened.user.clear(screen.getByLabelText('Password'));
    await opened.user.type(screen.getByLabelText('Password'), 'right');
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Signed in as mokafor')).toBeTruthy();
    expect(document.body.textContent).not.toContain('right');
    expect([...document.querySelectorAll('input')].map(({ value }) => value)).not.toContain('right');
  });

  it('says at the server field what is wrong with the server', async () => {
    const { user } = await openWindow(['signedOut'], '#/connect');
    const server = await screen.findByLabelText('Server');
    await user.clear(server);
    await user.type(server, 'nonsense');
    await user.click(screen.getByRole('button', { name: 'Sign in with the browser' }));
    expect(await screen.findByText(/is not the address of a server/)).toBeTruthy();
    expect(server.getAttribute('aria-describedby')).toBe('server-error');
  });

  it('checks the sign-in, and asks to sign in where it has ended', async () => {
    const { user } = await openWindow(['offline'], '#/connect');
    await user.click(await screen.findByRole('button', { name: 'Check the sign-in' }));
    expect(await screen.findAllByText(AWAY)).toHaveLength(1);
    // Away from here it is a condition of the whole program, and still told once.
    await user.click(screen.getByRole('link', { name: /COMM 290/ }));
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
    expect(write.mock.calls[0]?.[0]).toContain('http://127.0.0.1:9127/redirect');
  });
});

describe('exporting', () => {
  it('lists what will be written, writes, and says what was', async () => {
    const opened = await openCourse();
    await opened.user.keyboard('{Control>}e{/Control}');
    expect(await screen.findByText('chunked_data.csv')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(true);
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Choose a folder' }));
    await screen.findByText('/home/maya/Documents/Tableau');
    await opened.user.click(screen.getByLabelText('Only some'));
    await opened.user.click(screen.getByLabelText('Writing centre workshops'));
    await opened.user.click(screen.getByLabelText(/pseudonyms/));
    await opened.user.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByText('81,332 rows, 7.9 MB')).toBeTruthy();
    expect(lastRequest(opened, 'export_run')).toEqual({
      courseIds: app.courses.slice(0, 2).map(({ id }) => id),
      pseudonyms: true,
      formulaGuard: false,
    });
    await opened.user.click(screen.getByRole('button', { name: 'Done' }));

    // From now on in one step.
    await opened.user.keyboard('{Control>}{Shift>}e{/Shift}{/Control}');
    expect(await screen.findByText('3 files written')).toBeTruthy();
    expect(opened.names()).toContain('export_again');
  });

  it('tells in a toast when the sheet was closed meanwhile', async () => {
    const { user } = await openCourse(['exported']);
    await user.keyboard('{Control>}e{/Control}');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(false),
    );
    await user.click(screen.getByRole('button', { name: 'Export' }));
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
    await waitFor(() => expect(write.mock.calls[0]?.[0]).toContain('Keychain: available'));
    await user.click(screen.getByRole('button', { name: 'Show licences' }));
    expect(await screen.findByText('plotters')).toBeTruthy();
    await expectAccessible();
  });
});

describe('the whole window', () => {
  it('shows its shortcuts with ?', async () => {
    const { user } = await openCourse();
    await user.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
    await expectAccessible();
  });

  it('does what the native menu says', async () => {
    const opened = await openCourse();
    opened.program.emit('menu', 'settings');
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
    opened.program.emit('menu', 'export');
    expect(await screen.findByRole('dialog', { name: 'Export to Tableau' })).toBeTruthy();
  });

  it('reads again when Rust says that data changed', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    opened.program.emit('data-changed', []);
    await waitFor(() =>
      expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before),
    );
    expect(opened.names()).toContain('courses_list');
  });

  it('asks to sign in where the server no longer accepts us', async () => {
    const { user } = await openCourse(['signedOut']);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('heading', { name: 'Connect to Panopto' })).toBeTruthy();
  });
});

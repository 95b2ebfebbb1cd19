// Everything around the pages: export, connection, signed out, adding, keys, zoom. Each says one thing, in its place.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app, resetApp } from '../src/lib/app.svelte';
import * as ipc from '../src/lib/ipc';
import type { Transport } from '../src/lib/ipc';
import { expectAccessible, FIRST, lastCall, openCourse, openWindow, SECOND, showWindow } from './open';
import { startProgram } from './program';

describe('the export', () => {
  it('looks like its neighbours, and begins with the dataset', async () => {
    const { user } = await openCourse();
    const button = screen.getByRole('button', { name: 'Export' });
    // The accent colour marks the next step, and this is not it.
    expect([...button.classList]).toContain('button');
    expect([...button.classList]).not.toContain('primary');
    await user.click(button);
    expect(screen.getAllByRole('menuitem')[0]?.textContent).toMatch(/^\s*Dataset for Tableau…/);
    await expectAccessible();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('dialog', { name: 'Dataset for Tableau' })).toBeTruthy();
  });

  it('starts with the course on screen, says that IDs are personal, and which dates it covers', async () => {
    const { user } = await openCourse();
    await user.click(screen.getByRole('link', { name: /PSYC 118/ }));
    await screen.findByRole('heading', { level: 1, name: SECOND });
    await user.keyboard('{Control>}e{/Control}');
    const sheet = within(await screen.findByRole('dialog'));
    expect(sheet.getByLabelText<HTMLInputElement>('Only some').checked).toBe(true);
    expect(sheet.getByLabelText<HTMLInputElement>(SECOND).checked).toBe(true);
    expect(sheet.getByLabelText<HTMLInputElement>(FIRST).checked).toBe(false);
    expect(sheet.getByText(/The IDs are personal data/)).toBeTruthy();
    expect(await sheet.findByText('All dates, whatever is chosen on screen.')).toBeTruthy();
  });
});

describe('signed out', () => {
  it('offers to sign in, and nothing that cannot work', async () => {
    const { user } = await openCourse(['signedOut']);
    expect(screen.queryByRole('button', { name: 'Sync' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Sync all courses' })).toBeNull();
    expect(screen.getAllByRole('button', { name: 'Sign in' })).toHaveLength(2);
    await user.keyboard('{Control>}r{/Control}');
    expect(await screen.findByRole('heading', { name: 'Connect to Panopto' })).toBeTruthy();
    expect(document.querySelector('.toast')).toBeNull();
  });
});

describe('adding', () => {
  const fetched = (name: string) => app.courses.find((course) => course.name === name)?.hasData;

  it('fetches added courses at once, one after the other, while the page stays', async () => {
    const opened = await openWindow(['noCourses'], '#/add');
    for (const name of [FIRST, SECOND]) {
      await opened.user.click(await screen.findByRole('button', { name: `Add ${name}` }));
      await screen.findByText(`${name} added`);
    }
    expect(screen.getByRole('heading', { name: 'Add a course' })).toBeTruthy();
    await waitFor(() => expect([fetched(FIRST), fetched(SECOND), app.sync]).toEqual([true, true, null]), {
      timeout: 60_000,
    });
    const started = opened.program.calls.filter(({ command }) => command === 'sync_start');
    const ids = app.courses.map(({ id }) => id);
    expect(started.map(({ args }) => args.courseIds)).toEqual([[ids[0]], [ids[1]]]);
    expect(screen.getAllByText('On the list')).toHaveLength(2);
  }, 90_000);

  it('can add while a sync runs, says what waits, and stops all of it with one button', async () => {
    const opened = await openWindow(['noCourses', 'stallsWhileFetching'], '#/add');
    await opened.user.click(await screen.findByRole('button', { name: `Add ${FIRST}` }));
    const foot = within(await screen.findByRole('region', { name: 'Sync' }));
    expect(await foot.findByText(/^\d+ of 40 videos$/)).toBeTruthy();
    await opened.user.click(screen.getByRole('button', { name: `Add ${SECOND}` }));
    expect(await screen.findByText('Waiting to be fetched')).toBeTruthy();
    expect(foot.getByText('1 more to fetch')).toBeTruthy();
    expect(readFileSync(join(opened.program.data, 'courses.csv'), 'utf8')).toContain('PSYC 118');
    await expectAccessible();
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await opened.user.click(foot.getByRole('button', { name: 'Stop sync' }));
    await waitFor(() => expect(app.sync).toBeNull());
    expect(opened.names().filter((name) => name === 'sync_start')).toHaveLength(1);
    expect(app.courses).toHaveLength(2);
  });
});

describe('my folders', () => {
  it('are a tree for mouse and keyboard', async () => {
    const opened = await openWindow(['noCourses'], '#/add');
    const tree = within(await screen.findByRole('tree', { name: 'My folders' }));
    const names = () => tree.getAllByRole('treeitem').map((item) => item.querySelector('[id]')?.textContent);
    expect(names()).toEqual([FIRST, SECOND, 'Writing centre workshops']);
    const first = () => tree.getByRole('treeitem', { name: (name) => name.startsWith(FIRST) });
    expect(first().getAttribute('aria-expanded')).toBe('false');
    first().focus();
    await opened.user.keyboard('{ArrowRight}');
    expect(first().getAttribute('aria-expanded')).toBe('true');
    expect(names().slice(1, 3)).toEqual(['Labs, tutorials & more', 'Lectures']);
    await opened.user.keyboard('{ArrowRight}{ArrowDown}{ArrowRight}{ArrowRight}');
    expect(document.activeElement?.textContent).toContain('Week 01');
    expect(document.activeElement?.textContent).toContain(`in ${FIRST} › Lectures`);
    expect(document.activeElement?.getAttribute('aria-level')).toBe('3');
    await expectAccessible();
    await opened.user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}');
    await waitFor(() => expect(document.activeElement).toBe(first()));
    expect(names()).toHaveLength(3);
    await opened.user.keyboard('{End}{Home}{Enter}');
    expect(await screen.findByText(`${FIRST} added`)).toBeTruthy();
    expect(lastCall(opened, 'courses_add')?.inputs).toEqual([app.courses[0]?.id]);
  });
});

describe('a folder that cannot be opened', () => {
  it('is reported at the row that was pressed, in words without programming signs', async () => {
    const { user, program } = await openWindow(['firstStart']);
    const row = await screen.findByRole('button', { name: /Open an existing data folder/ });
    const empty = join(program.dir, 'lectures');
    mkdirSync(empty);
    await program.do('pick', empty);
    await user.click(row);
    const told = await within(row.closest('li') as HTMLElement).findByRole('alert');
    expect(told.textContent).toContain('lectures');
    expect(document.body.textContent).not.toContain('`');
    await expectAccessible();
  });
});

describe('the connection', () => {
  const open = async () => {
    const opened = await openWindow(['signedOut'], '#/connect');
    await opened.user.click(await screen.findByLabelText('With the browser'));
    const type = (label: string, value: string) =>
      fireEvent.input(screen.getByLabelText(label), { target: { value } });
    const invalid = () =>
      [...document.querySelectorAll('[aria-invalid=true]')].map((field) => field.id).toSorted();
    return { ...opened, type, invalid };
  };
  const press = () => screen.getByRole('button', { name: /^Sign in/ });

  it('points at the wrong field, and forgets the message once its text changes', async () => {
    const { user, type, invalid } = await open();
    await type('Server', 'not a server !!');
    await user.click(press());
    await waitFor(() => expect(invalid()).toEqual(['server']));
    const told = document.getElementById('server-error');
    expect(told?.textContent).toContain('not a server !!');
    expect(told?.textContent).not.toMatch(/settings|`/);
    // It replaces the help: nothing is inserted between the field and the button.
    expect(screen.queryByText(/address bar while/)).toBeNull();
    await expectAccessible();
    await type('Server', 'uni.example');
    expect(invalid()).toEqual([]);
    expect(screen.getByText(/address bar while/)).toBeTruthy();
  });

  it('marks the fields of the chosen way, below the button, and not those of the other way', async () => {
    const { user, type, invalid } = await open();
    await user.click(screen.getByLabelText('With user name and password'));
    await type('User name', 'demo.teacher');
    await type('Password', 'wrong');
    await user.click(press());
    await waitFor(() => expect(invalid()).toEqual(['password']));
    const told = document.getElementById('signin-error') as HTMLElement;
    expect(press().compareDocumentPosition(told) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
    await user.click(screen.getByLabelText('With the browser'));
    expect(screen.queryByRole('alert')).toBeNull();
    await user.click(screen.getByLabelText('With user name and password'));
    expect(invalid()).toEqual([]);
  });

  it('says what is missing', async () => {
    const { type } = await open();
    await type('Server', '');
    await type('Client ID', '');
    const button = press();
    expect(button.hasAttribute('disabled')).toBe(true);
    const why = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(why?.textContent).toMatch(/^Still missing: the server, the client ID(, the client secret)?\.$/);
    await type('Server', 'uni.example');
    expect(why?.textContent).not.toContain('the server');
  });
});

describe('keys', () => {
  it('change the view even while a list of choices has the focus', async () => {
    const { user } = await openCourse();
    (await screen.findByLabelText('Colour by')).focus();
    await user.keyboard('4');
    await waitFor(() =>
      expect(screen.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected')).toBe('true'),
    );
  });
});

describe('zoom', () => {
  it('follows the keys and the menu, within bounds, and is restored at the next start', async () => {
    const opened = await openCourse();
    const kept = () =>
      (lastCall(opened, 'view_remember')?.view as { zoomPercent?: number } | undefined)?.zoomPercent;
    await opened.user.keyboard('{Control>}+{/Control}');
    await waitFor(() => expect(kept()).toBe(110));
    await opened.program.do('menu', 'zoomIn');
    await waitFor(() => expect(kept()).toBe(125));
    await opened.user.keyboard('{Control>}-{/Control}');
    await waitFor(() => expect(kept()).toBe(110));
    cleanup();
    resetApp();
    location.hash = '';
    showWindow(opened.program);
    await waitFor(() => expect(app.state?.view.zoomPercent).toBe(110));
    await opened.user.keyboard('{Control>}0{/Control}');
    await waitFor(() => expect(kept()).toBe(100));
    for (let press = 0; press < 20; press += 1) await opened.user.keyboard('{Control>}={/Control}');
    await waitFor(() => expect(kept()).toBe(200));
  });
});

describe('the settings', () => {
  it('leave what is being typed when the answer to an earlier change comes', async () => {
    const program = await startProgram([]);
    let answer = () => {};
    const late: Transport = {
      ...program,
      async invoke(command, args) {
        const answered = await program.invoke(command, args);
        if (command === 'settings_set') await new Promise<void>((resolve) => (answer = resolve));
        return answered;
      },
    };
    const { user, names } = showWindow(program, '#/settings', late);
    const field = await screen.findByLabelText<HTMLInputElement>('Late records');
    expect(field.value).toBe('2');
    await user.clear(field);
    await user.type(field, '5');
    await user.tab();
    await waitFor(() => expect(names()).toContain('settings_set'));
    await user.clear(field);
    await user.type(field, '1');
    answer();
    await waitFor(async () => expect((await ipc.settingsGet()).lookbackDays).toBe(5));
    await user.type(field, '4');
    expect(field.value).toBe('14');
  });
});

describe('fetching everything again', () => {
  it('is in the menu of a course, and asks for the whole history', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Fetch everything again' }));
    await waitFor(() => expect(lastCall(opened, 'sync_start')).toMatchObject({ anew: true }));
    await waitFor(() => expect(app.sync).toBeNull(), { timeout: 60_000 });
    expect(app.courses[0]?.lastSync?.outcome).toBe('synced');
  }, 90_000);
});

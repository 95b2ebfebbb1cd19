// The class list of a course, over the real program: looked at before it counts, removed with undo.

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import { expectAccessible, openCourse, type Opened } from './open';

async function openSheet(opened: Opened) {
  await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
  await opened.user.click(screen.getByRole('menuitem', { name: 'Class list…' }));
  return within(await screen.findByRole('dialog', { name: 'Class list' }));
}

describe('the class list of a course', () => {
  it('is pasted, looked at, used, and removed with undo', async () => {
    const opened = await openCourse();
    const sheet = await openSheet(opened);
    const field = await sheet.findByRole('textbox', { name: 'Or paste addresses, user names or numbers' });
    expect(sheet.getByRole<HTMLButtonElement>('button', { name: 'Look at it' }).disabled).toBe(true);
    await opened.user.click(field);
    await opened.user.paste('Okonjo-Vale, Mira <mvale7@example.edu>\ntlind@example.edu\n?!\n');
    await opened.user.click(sheet.getByRole('button', { name: 'Look at it' }));
    await sheet.findByText('Okonjo-Vale, Mira · mvale7@example.edu');
    sheet.getByText(/2 people in 3 rows/);
    sheet.getByText('Line 3 has no e-mail address, user name or number');
    await expectAccessible();
    await opened.user.click(sheet.getByRole('button', { name: 'Use this list' }));
    await sheet.findByText('2 people on the list');
    await expectAccessible();

    await opened.user.click(sheet.getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(sheet.queryByText('2 people on the list')).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    await sheet.findByText('2 people on the list');
    await opened.user.click(sheet.getByRole('button', { name: 'Done' }));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Class list' })).toBeNull());
  });

  it('says why a text is no list, and keeps what was pasted', async () => {
    const opened = await openCourse();
    const sheet = await openSheet(opened);
    const field = await sheet.findByRole<HTMLTextAreaElement>('textbox');
    await opened.user.click(field);
    await opened.user.paste('Dear all,\nplease watch lecture 5.\n');
    await opened.user.click(sheet.getByRole('button', { name: 'Look at it' }));
    expect((await sheet.findByRole('alert')).textContent).toContain('What was pasted cannot be used');
    expect(field.value).toContain('Dear all');
  });

  it('offers names, without which nobody can be told, and fetches them when asked', async () => {
    const opened = await openCourse();
    const sheet = await openSheet(opened);
    await opened.user.click(await sheet.findByRole('textbox'));
    await opened.user.paste('Okonjo-Vale, Mira <mvale7@example.edu>\n');
    await opened.user.click(sheet.getByRole('button', { name: 'Look at it' }));
    await opened.user.click(await sheet.findByRole('button', { name: 'Use this list' }));
    await sheet.findByText(/^Names are off/);
    await expectAccessible();
    expect(opened.names()).not.toContain('names_fetch');
    await opened.user.click(sheet.getByRole('button', { name: 'Show names' }));
    await waitFor(() => expect(app.showNames).toBe(true));
    await waitFor(() => expect(opened.names()).toContain('names_fetch'));
    await waitFor(() => expect(sheet.queryByRole('button', { name: /^Stop/ })).toBeNull());
    expect(sheet.queryByText(/^Names are off/)).toBeNull();
  });
});

// Damage is reported, and repaired only when the person says so.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { AppState } from '../src/lib/bindings';
import { FIRST, openWindow, showWindow } from './open';
import { startProgram } from './program';

describe('a damaged course list', () => {
  it('is rebuilt from what is stored', async () => {
    const { user } = await openWindow(['damagedList']);
    await user.click(await screen.findByRole('button', { name: 'Make the list anew' }));
    await screen.findByText('Viewers across time');
    expect(screen.queryByRole('button', { name: 'Make the list anew' })).toBeNull();
  });
});

describe('damaged settings', () => {
  it('are replaced by those kept last', async () => {
    const { user } = await openWindow(['damagedSettings', 'dark']);
    await user.click(await screen.findByRole('button', { name: 'Restore the settings' }));
    await screen.findByText('Viewers across time');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  });

  it('are replaced by the defaults, which name no data folder', async () => {
    const { user } = await openWindow(['damagedSettings']);
    await user.click(await screen.findByRole('button', { name: 'Start with the default settings' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Restore the settings' })).toBeNull());
    expect(screen.queryByText('Viewers across time')).toBeNull();
  });
});

describe('a removal that was cut off', () => {
  it('is told at once by the window whose change has mended it, until it is put away', async () => {
    const program = await startProgram();
    const { courses } = (await program.invoke('app_state', {})) as AppState;
    const first = courses.find(({ name }) => name === FIRST)?.id ?? '';
    const second = courses.find(({ name }) => name !== FIRST)?.id ?? '';
    const list = join(program.data, 'courses.csv');
    const listed = readFileSync(list);
    const database = join(program.data, 'database');
    cpSync(database, join(program.dir, 'backup'), { recursive: true });
    await program.invoke('course_remove', { courseId: first, deleteData: true });
    // As after a kill in the middle, in a folder that was then restored from a backup.
    const trash = join(program.data, '.panopto-analytics', 'trash');
    for (const entry of readdirSync(trash)) rmSync(join(trash, entry, 'done'), { force: true });
    writeFileSync(list, listed);
    cpSync(join(program.dir, 'backup'), database, { recursive: true });

    const { user } = showWindow(program);
    await screen.findByText('Viewers across time');
    expect(screen.queryByText(/was cut off/)).toBeNull();
    await program.invoke('course_remove', { courseId: second, deleteData: false });
    await screen.findByText(/^A removal of the course “GEOG 204, Cities & Climate” was cut off/);
    await user.click(screen.getByRole('button', { name: 'Dismiss' }));
    await waitFor(() => expect(screen.queryByText(/was cut off/)).toBeNull());
  });
});

// The nightly job: one switch in the settings and after an export, its results, and what is wrong with it.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { expectAccessible, lastRequest, openCourse, openWindow } from './open';

const TIMER = 'panopto-analytics-nightly.timer';
const theSwitch = () => screen.findByRole('checkbox', { name: 'Every night at' });

describe('the nightly job', () => {
  it('cannot be switched on before an export, and says why', async () => {
    await openWindow([], '#/settings');
    expect(((await theSwitch()) as HTMLInputElement).disabled).toBe(true);
    expect(screen.getByText(/^Export once/)).toBeTruthy();
    await expectAccessible();
  });

  it('is switched on at a time of choice, changed and switched off', async () => {
    const opened = await openWindow(['exported'], '#/settings');
    const on = (await theSwitch()) as HTMLInputElement;
    const time = screen.getByLabelText('Begin at') as HTMLInputElement;
    expect([on.checked, time.value]).toEqual([false, '02:30']);
    await opened.user.clear(time);
    await opened.user.type(time, '4:15{Tab}');
    await opened.user.click(on);
    expect(await screen.findByText(/^Next: .*, 04:15$/)).toBeTruthy();
    expect(lastRequest(opened, 'nightly_set')).toEqual({ on: true, at: '4:15', digest: false });
    expect(time.value).toBe('04:15');
    await opened.user.click(screen.getByRole('checkbox', { name: /Also write what is new/ }));
    await waitFor(() =>
      expect(lastRequest(opened, 'nightly_set')).toEqual({ on: true, at: '04:15', digest: true }),
    );
    await waitFor(() => expect(opened.program.unanswered).toBe(0));
    await opened.user.clear(time);
    await opened.user.type(time, 'noon{Tab}');
    expect(await screen.findByText(/“noon” is not a time of day/)).toBeTruthy();
    await expectAccessible();
    await opened.user.click(on);
    await waitFor(() => expect(screen.queryByText(/^Next: /)).toBeNull());
    expect(on.checked).toBe(false);
  });

  it('shows the last night, and what to do where it failed', async () => {
    await openWindow(['nightFailed'], '#/settings');
    const results = await screen.findByText(/^Last: /);
    expect(results.textContent).toMatch(
      /Failed: The sign-in at uni\.example\.com has expired\. Sign in again\.$/,
    );
    expect(screen.getByText(/^Next: /)).toBeTruthy();
    await expectAccessible();
  });

  it('tells a job that was changed outside, and mends it', async () => {
    const opened = await openWindow(['everyNight'], '#/settings');
    await screen.findByText(/1,204 new viewing records, dataset saved/);
    rmSync(join(opened.program.dir, 'units', TIMER));
    location.hash = '#/add';
    await screen.findByText('My folders');
    location.hash = '#/settings';
    const trouble = await screen.findByText(/^A part of the nightly job is gone/);
    expect(screen.queryByText(/^Next: /)).toBeNull();
    await expectAccessible();
    const alert = within(trouble.closest('[role=alert]') as HTMLElement);
    await opened.user.click(alert.getByRole('button', { name: 'Switch it on again' }));
    expect(await screen.findByText(/^Next: /)).toBeTruthy();
  });

  it('leaves a file of somebody else alone', async () => {
    const opened = await openWindow(['exported'], '#/settings');
    await theSwitch();
    mkdirSync(join(opened.program.dir, 'units'));
    writeFileSync(join(opened.program.dir, 'units', TIMER), '[Timer]\n');
    await opened.user.click(await theSwitch());
    const refusal = await screen.findByText(/is not from this program, and is left alone/);
    expect(within(refusal.closest('[role=alert]') as HTMLElement).queryByRole('button')).toBeNull();
    expect(((await theSwitch()) as HTMLInputElement).checked).toBe(false);
  });

  it('offers the line for cron where the system starts no jobs', async () => {
    await openWindow(['exported', 'noScheduler'], '#/settings');
    expect((await screen.findByText(/^30 2 \* \* \*/)).textContent).toMatch(/nightly run --config-dir/);
    expect(screen.getByRole('button', { name: 'Copy the line' })).toBeTruthy();
    expect(((await theSwitch()) as HTMLInputElement).disabled).toBe(true);
    await expectAccessible();
  });

  it('is offered after an export', async () => {
    const opened = await openCourse(['exported']);
    await opened.user.keyboard('{Control>}e{/Control}');
    await screen.findByText('chunked_data.csv');
    const sheet = within(document.querySelector('dialog') as HTMLElement);
    const button = sheet.getByRole('button', { name: 'Export' });
    await waitFor(() => expect(button.hasAttribute('disabled')).toBe(false));
    await opened.user.click(button);
    expect(await sheet.findByRole('checkbox', { name: 'Every night at' })).toBeTruthy();
  });
});

// Presenting in the window over the real program: the switch, the strip, what is gone and what stays.

import { screen, waitFor, within } from '@testing-library/svelte';
import { appendFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import type { CourseOverview, KeepPreview, PrivacyPage, Settings } from '../src/lib/bindings';
import { answered, expectAccessible, openCourse, openVideo, openWindow } from './open';

const strip = () => screen.queryByRole('complementary', { name: 'Presenting' });

async function present(opened: Awaited<ReturnType<typeof openCourse>>) {
  await opened.user.keyboard('{Control>}{Shift>}p{/Shift}{/Control}');
  await waitFor(() => expect(strip()).not.toBeNull());
  await screen.findByRole('grid', { name: /^Map/ });
}

describe('presenting', () => {
  it('begins with a key and ends with the button of its strip', async () => {
    const opened = await openCourse();
    expect(strip()).toBeNull();
    await present(opened);
    expect(screen.queryByRole('navigation', { name: 'Courses' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Sync' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Export' })).toBeNull();
    const { facts } = await answered<CourseOverview>(opened, 'course_overview');
    expect(facts).toMatch(/ · \d+ or more viewers$/);
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Stop presenting' }));
    await screen.findByRole('navigation', { name: 'Courses' });
    expect(strip()).toBeNull();
  });

  it('begins from the course list too', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'Present' }));
    await waitFor(() => expect(strip()).not.toBeNull());
  });

  it('shows the parts of a video and neither its seconds nor its report', async () => {
    const opened = await openVideo();
    await screen.findByRole('button', { name: 'By second' });
    await opened.user.keyboard('{Control>}{Shift>}p{/Shift}{/Control}');
    await waitFor(() => expect(strip()).not.toBeNull());
    await screen.findByText('Unique viewers');
    await screen.findByRole('region', { name: 'Viewers across the timeline' });
    for (const gone of ['By second', 'By part', 'Report…'])
      expect(screen.queryByRole('button', { name: gone })).toBeNull();
    expect(screen.queryByText('Watch time')).toBeNull();
    await expectAccessible();
  });

  it('widens chosen days to their weeks, and gives them back afterwards', async () => {
    const opened = await openCourse();
    const overview = await answered<CourseOverview>(opened, 'course_overview');
    const day = overview.range.domain?.from ?? '';
    const courseId = overview.course.id;
    app.days.set(courseId, { from: day, to: day });
    await waitFor(() => expect(app.state?.view.ranges[courseId]?.range.from).toBe(day));
    await present(opened);
    await waitFor(() => expect(app.days.of(courseId)?.from).not.toBe(day));
    const weeks = app.days.of(courseId);
    expect(new Date(weeks?.from ?? '').getUTCDay()).toBe(1);
    expect(new Date(weeks?.to ?? '').getUTCDay()).toBe(0);
    await opened.user.click(screen.getByRole('button', { name: 'Stop presenting' }));
    await screen.findByRole('navigation', { name: 'Courses' });
    expect(app.days.of(courseId)).toEqual({ from: day, to: day });
  });

  it('says that the export is closed instead of opening it', async () => {
    const opened = await openCourse();
    await present(opened);
    await opened.user.keyboard('{Control>}e{/Control}');
    expect(await screen.findByText('This is closed while presenting')).toBeTruthy();
    expect(screen.queryByRole('dialog')).toBeNull();
  });
});

describe('settings of privacy', () => {
  it('offer names, off at first, and presenting at the start', async () => {
    const opened = await openWindow([], '#/settings');
    const names = await screen.findByRole('checkbox', { name: 'Show names of viewers' });
    expect((names as HTMLInputElement).checked).toBe(false);
    await opened.user.click(names);
    await waitFor(() => expect(app.showNames).toBe(true));
    await opened.user.click(screen.getByRole('checkbox', { name: 'Start presenting' }));
    await waitFor(async () => {
      const kept = (await opened.program.invoke('settings_get', {})) as Settings;
      expect([kept.showNames, kept.startPresenting]).toEqual([true, true]);
    });
    expect(strip()).toBeNull();
  });

  it('say what a period would delete before it is kept', async () => {
    const opened = await openWindow([], '#/settings');
    // A record that is older than half a year, whenever this runs.
    const database = join(opened.program.data, 'database');
    const folder = readdirSync(database).find((name) => name.startsWith('GEOG')) ?? '';
    const activity = join(database, folder, 'viewing_activity.csv');
    const [, first] = readFileSync(activity, 'utf8').split('\n');
    appendFileSync(activity, `${first?.replace(/\d{4}-\d{2}-\d{2}/g, '2021-01-01')}\n`);
    const kept = async () => ((await opened.program.invoke('privacy', {})) as PrivacyPage).courses;
    const previews = (await kept()).map(
      ({ courseId }) =>
        opened.program.invoke('keep_preview', { courseId, days: 180 }) as Promise<KeepPreview>,
    );
    const place = (await Promise.all(previews)).findIndex(({ deletes }) => deletes);
    const choices = await screen.findAllByRole<HTMLSelectElement>('combobox', {
      name: /^Keep the records of/,
    });
    const choice = choices[place];
    if (!choice) throw new Error('no course has old records');
    const always = choice.value;
    await opened.user.selectOptions(choice, 'Half a year');
    const asked = await screen.findByRole('alert');
    expect(asked.textContent).toMatch(/The next sync deletes 1 viewing record from before/);
    expect(opened.names()).not.toContain('keep_for');
    await opened.user.click(within(asked).getByRole('button', { name: 'Cancel' }));
    expect(choice.value).toBe(always);
    await opened.user.selectOptions(choice, 'Half a year');
    await opened.user.click(
      within(await screen.findByRole('alert')).getByRole('button', { name: 'Keep them for that long' }),
    );
    await waitFor(() => expect(opened.names()).toContain('keep_for'));
    await waitFor(async () => expect((await kept())[place]?.keepDays).not.toBeNull());
  });

  it('show the fact sheet of the command line', async () => {
    const opened = await openWindow([], '#/settings');
    await opened.user.click(await screen.findByRole('button', { name: 'Fact sheet' }));
    const sheet = await screen.findByRole('dialog', { name: 'Fact sheet' });
    expect(within(sheet).getByRole('rowheader', { name: 'people.csv' })).toBeTruthy();
    expect(within(sheet).getByRole('rowheader', { name: 'window.json' })).toBeTruthy();
    await expectAccessible();
  });
});

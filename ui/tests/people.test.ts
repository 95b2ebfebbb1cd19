// The people of a course over the real program: who has not watched a video, the matrix and the list, one person.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import type { PeoplePage, PersonPage, VideoPeople } from '../src/lib/bindings';
import { named, viewersOf } from './named';
import { answered, expectAccessible, lastRequest, openCourse, type Opened } from './open';

/** Opens the fifth video from the map. */
async function openFifth(opened: Opened) {
  const row = document.querySelector('[aria-rowindex="6"][role=row]');
  if (!row) throw new Error('there is no fifth video');
  await opened.user.click(row);
  return screen.findByRole('tab', { name: 'People' });
}

describe('who has not watched a video', () => {
  it('is three clicks from the course, with the addresses in the clipboard', async () => {
    const { opened, enrolled } = await named();
    const people = await openFifth(opened);
    await opened.user.click(people);
    const copy = (await screen.findAllByRole('button', { name: /^Copy \d+ address/ }))[0];
    if (!copy) throw new Error('there is nothing to copy');
    await opened.user.click(copy);
    await screen.findByText(/^\d+ addresses copied/);
    const text = await navigator.clipboard.readText();
    const shown = await answered<VideoPeople>(opened, 'video_people');
    const notOpened = shown.groups[0];
    expect(text).toBe(notOpened?.addresses?.text);
    expect(text).toContain('costa@example.edu');
    expect(shown.told.of).toBe(`${enrolled} in the class`);
    expect(shown.groups.reduce((sum, group) => sum + group.people.length, 0)).toBe(enrolled);
    await expectAccessible();
  });

  it('counts by a date of the course, by the end of the days, and by a time that is typed', async () => {
    const { opened } = await named();
    await opened.user.click(await openFifth(opened));
    const by = await screen.findByRole<HTMLSelectElement>('combobox', { name: 'By' });
    await opened.user.selectOptions(by, 'the end of the chosen days');
    await waitFor(() =>
      expect(lastRequest<{ by: unknown }>(opened, 'video_people').by).toEqual({ kind: 'range' }),
    );
    await opened.user.selectOptions(by, 'another time…');
    const typed = await screen.findByRole('textbox', { name: 'A day, or a day and a time' });
    await opened.user.type(typed, 'tomorrow{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('is not a day');
    await opened.user.clear(typed);
    await opened.user.type(typed, '2000-01-01{Enter}');
    await waitFor(() =>
      expect(screen.getByRole('heading', { name: 'Covered at least 75 % 0' })).toBeTruthy(),
    );
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('finds a person, opens it by key, and comes back', async () => {
    const { opened } = await named();
    await opened.user.click(await openFifth(opened));
    const list = await screen.findByRole('grid', { name: /^Not opened/ });
    await opened.user.type(screen.getByRole('searchbox', { name: 'Find a person' }), 'costa');
    await waitFor(() => expect(within(list).getAllByRole('row')).toHaveLength(1));
    list.focus();
    await fireEvent.keyDown(list, { key: 'Enter' });
    await screen.findByRole('heading', { level: 1, name: 'Costa, Lúcia' });
    await expectAccessible();
    await opened.user.keyboard('{Escape}');
    await screen.findByRole('grid', { name: 'People by videos' });
  });

  it('names nobody while names are off, and says what is missing', async () => {
    const opened = await openCourse();
    await opened.user.click(await openFifth(opened));
    await screen.findByText(/^Names are off/);
    await screen.findByRole('button', { name: 'Add the class list' });
    expect(screen.queryByRole('button', { name: /^Copy/ })).toBeNull();
    const rows = within(await screen.findByRole('grid', { name: /^Covered/ })).getAllByRole('row');
    expect(rows[0]?.textContent).toMatch(/^Viewer \d+/);
    await opened.user.click(screen.getByRole('button', { name: 'Add the class list' }));
    await screen.findByRole('dialog', { name: 'Class list' });
  });

  it('changes sides by digits, and keeps the side from video to video', async () => {
    const opened = await openCourse();
    await openFifth(opened);
    await opened.user.keyboard('2');
    await screen.findByRole('heading', { name: /^Not opened/ });
    const before = lastRequest<{ sessionId: string }>(opened, 'video_people').sessionId;
    await opened.user.keyboard('{ArrowRight}');
    await waitFor(() =>
      expect(lastRequest<{ sessionId: string }>(opened, 'video_people').sessionId).not.toBe(before),
    );
    await screen.findByRole('heading', { name: /^Not opened/ });
    await opened.user.keyboard('1');
    await waitFor(() => expect(screen.queryByRole('heading', { name: /^Not opened/ })).toBeNull());
  });
});

describe('the people of a course', () => {
  async function openPeople(opened: Opened) {
    await opened.user.keyboard('6');
    return screen.findByRole('grid', { name: 'People by videos' });
  }

  it('come back to the person opened last, in the matrix and in the list', async () => {
    const { opened, enrolled } = await named();
    for (const name of ['People by videos', 'People']) {
      await opened.user.keyboard('6');
      await opened.user.click(
        await screen.findByRole('button', { name: name === 'People' ? 'List' : 'Matrix' }),
      );
      const grid = await screen.findByRole('grid', { name });
      grid.focus();
      await opened.user.keyboard('{End}{Enter}');
      await screen.findByRole('button', { name: 'More for this person' });
      await opened.user.keyboard('{Escape}');
      const back = await screen.findByRole('grid', { name });
      const { count, start } = await answered<PeoplePage>(opened, 'people');
      expect([count, start]).toEqual([enrolled, enrolled - 1]);
      await waitFor(() =>
        expect(back.getAttribute('aria-activedescendant')).toMatch(new RegExp(`-${enrolled - 1}$`)),
      );
    }
  });

  it('say what can be done with those who are chosen, in the words of Rust', async () => {
    const { opened } = await named();
    const matrix = await openPeople(opened);
    // By name Costa and Evans stand first, who were never seen.
    await opened.user.selectOptions(screen.getByRole('combobox', { name: 'Order' }), 'Name');
    await waitFor(() => expect(within(matrix).getAllByRole('row')[1]?.textContent).toContain('Costa, Lúcia'));
    matrix.focus();
    await opened.user.keyboard(' {ArrowDown} ');
    const picked = within(await screen.findByRole('group', { name: 'Those who are chosen' }));
    await picked.findByText('2 chosen');
    expect(picked.queryByRole('button', { name: 'Leave out' })).toBeNull();
    await picked.findByText(/^Somebody who was never seen/);
    await opened.user.click(await picked.findByRole('button', { name: 'Copy 2 addresses' }));
    await screen.findByText('2 addresses copied');
    expect(await navigator.clipboard.readText()).toBe('costa@example.edu; evans@example.edu');
    // Only the last one, who was seen, stays chosen.
    matrix.focus();
    await opened.user.keyboard('{End} {Home} {ArrowDown} ');
    await picked.findByText('1 chosen');
    await picked.findByRole('button', { name: 'Leave out' });
  });

  it('are a matrix by key 6, read out cell by cell, and a list', async () => {
    const { opened, enrolled } = await named();
    const matrix = await openPeople(opened);
    const page = await answered<PeoplePage>(opened, 'people');
    expect(page.count).toBe(enrolled);
    expect(matrix.getAttribute('aria-rowcount')).toBe(String(enrolled + 2));
    expect(within(matrix).getAllByRole('row').length).toBeLessThan(100);
    matrix.focus();
    await fireEvent.keyDown(matrix, { key: 'ArrowRight' });
    const first = page.rows[0];
    await screen.findByText((text) => text.startsWith(`${first?.label} · `));
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'List' }));
    const list = await screen.findByRole('grid', { name: 'People' });
    expect(within(list).getByText(first?.label ?? '')).toBeTruthy();
    await expectAccessible();
    await opened.user.click(within(list).getByRole('button', { name: 'Person' }));
    await within(list).findByText('Costa, Lúcia');
  });

  it('are chosen, left out and counted again', async () => {
    const { opened, enrolled } = await named();
    await openPeople(opened);
    await opened.user.selectOptions(screen.getByRole('combobox', { name: 'Order' }), 'Opened');
    const matrix = await screen.findByRole('grid', { name: 'People by videos' });
    await waitFor(() =>
      expect(lastRequest<{ order: unknown }>(opened, 'people').order).toEqual({ by: 'opened' }),
    );
    await waitFor(async () => {
      const page = await answered<PeoplePage>(opened, 'people');
      expect(within(matrix).getAllByRole('row')[1]?.textContent).toContain(page.rows[0]?.label);
    });
    matrix.focus();
    await fireEvent.keyDown(matrix, { key: ' ' });
    await fireEvent.keyDown(matrix, { key: 'ArrowDown' });
    await fireEvent.keyDown(matrix, { key: ' ' });
    const chosen = within(await screen.findByRole('group', { name: 'Those who are chosen' }));
    await chosen.findByText('2 chosen');
    await chosen.findByRole('button', { name: 'Make them one person' });
    await expectAccessible();
    await opened.user.click(chosen.getByRole('button', { name: 'Leave out' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'As staff' }));
    await screen.findByText('2 people left out of every figure');
    await screen.findAllByText(/without 2 people you left out/i);
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    await waitFor(async () => {
      const page = await answered<PeoplePage>(opened, 'people');
      expect([page.tidy, page.count]).toEqual([null, enrolled]);
    });
  });

  it('open the page of a person, and arrows go through the list', async () => {
    const { opened } = await named();
    const matrix = await openPeople(opened);
    await opened.user.selectOptions(screen.getByRole('combobox', { name: 'Order' }), 'Opened');
    await waitFor(async () => {
      const page = await answered<PeoplePage>(opened, 'people');
      expect(within(matrix).getAllByRole('row')[1]?.textContent).toContain(page.rows[0]?.label);
    });
    const { rows } = await answered<PeoplePage>(opened, 'people');
    matrix.focus();
    await fireEvent.keyDown(matrix, { key: 'Enter' });
    await screen.findByRole('heading', { level: 1, name: rows[0]?.label ?? '' });
    const person = await answered<PersonPage>(opened, 'person');
    expect(screen.getByText(person.facts)).toBeTruthy();
    await expectAccessible();
    await opened.user.keyboard('{ArrowRight}');
    await screen.findByRole('heading', { level: 1, name: rows[1]?.label ?? '' });
    await opened.user.keyboard('{ArrowLeft}');
    await screen.findByRole('heading', { level: 1, name: rows[0]?.label ?? '' });
    await opened.user.click(screen.getByRole('button', { name: 'More for this person' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'What is stored…' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'What is stored' }));
    expect(sheet.getByText(person.userIds[0] ?? '')).toBeTruthy();
    await expectAccessible();
  });

  it('are forgotten only after it was confirmed', async () => {
    const { opened } = await named();
    await openPeople(opened);
    const { rows } = await answered<PeoplePage>(opened, 'people');
    const person = rows.find((row) => row.opened !== '0');
    const { user } = opened;
    app.go({ name: 'person', courseId: app.courses[0]?.id ?? '', key: person?.key ?? '' });
    await screen.findByRole('heading', { level: 1, name: person?.label ?? '' });
    const ask = async () => {
      await user.click(screen.getByRole('button', { name: 'More for this person' }));
      await user.click(screen.getByRole('menuitem', { name: 'Forget this person…' }));
      return within(await screen.findByRole('dialog', { name: /^Forget/ }));
    };
    // What is asked about one person is not answered about another.
    await ask();
    const other = rows.find((row) => row.key !== person?.key);
    app.go({ name: 'person', courseId: app.courses[0]?.id ?? '', key: other?.key ?? '' });
    await screen.findByRole('heading', { level: 1, name: other?.label ?? '', hidden: true });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    app.go({ name: 'person', courseId: app.courses[0]?.id ?? '', key: person?.key ?? '' });
    await screen.findByRole('heading', { level: 1, name: person?.label ?? '' });
    await user.click((await ask()).getByRole('button', { name: 'Keep' }));
    expect(opened.program.calls.some(({ command }) => command === 'person_forget')).toBe(false);
    await user.click((await ask()).getByRole('button', { name: 'Forget' }));
    await screen.findByText(/^Forgotten: \d+ viewing records? and 1 account$/);
    await screen.findByRole('grid', { name: 'People by videos' });
    expect(viewersOf(opened.program)).not.toContain(person?.key);
  });

  it('are not shown while presenting', async () => {
    const { opened } = await named();
    await openPeople(opened);
    await app.setPresenting(true);
    await screen.findByText('People are not shown while presenting');
    expect(document.body.textContent).not.toContain('Costa');
    await app.setPresenting(false);
    await screen.findByRole('grid', { name: 'People by videos' });
  });
});

// What is new in a course, comparing it with last year's, and who was on time: over the sample.

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import { app } from '../src/lib/app.svelte';
import type {
  CompareChoices,
  CourseOverview,
  OverviewRequest,
  VideoPage,
  VideoRequest,
  WhatIsNew,
} from '../src/lib/bindings';
import { answered, expectAccessible, lastCall, lastRequest, openWindow, type Opened } from './open';

// Each test fetches the sample.
vi.setConfig({ testTimeout: 180_000 });

/** The sample, with its first course on screen and what is new told. */
async function openSample() {
  const opened = await openWindow(['firstStart']);
  await opened.user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
  await screen.findByRole('grid', { name: /^Map/ }, { timeout: 60_000 });
  await screen.findByRole('heading', { level: 2, name: /^What is new/ }, { timeout: 60_000 });
  return opened;
}

const news = (opened: Opened) => answered<WhatIsNew>(opened, 'what_is_new');
const overview = (opened: Opened) => answered<CourseOverview>(opened, 'course_overview');
const compared = (opened: Opened) => lastRequest<OverviewRequest>(opened, 'course_overview').compare;
const cardOf = (name: string) =>
  [...document.querySelectorAll('dt')].find((term) => term.textContent.includes(name));

async function compareWithLastYear(opened: Opened): Promise<string> {
  const choices = await answered<CompareChoices>(opened, 'compare_choices');
  const likely = choices.likely?.name ?? 'none';
  await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
  await opened.user.click(screen.getByRole('menuitem', { name: `Compare with ${likely}` }));
  await screen.findByRole('group', { name: 'Compared' });
  return likely;
}

describe('what is new', () => {
  it('opens a video at the second, the days before an exam, and stays away once it is put away', async () => {
    const opened = await openSample();
    const { sentences, explanation } = await news(opened);
    expect(sentences.length).toBeGreaterThan(1);
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'What is this? What is new' }));
    expect(screen.getByText(explanation.formula)).toBeTruthy();
    await opened.user.keyboard('{Escape}');

    const range = sentences.find(({ evidence }) => evidence.kind === 'range');
    await opened.user.click(screen.getByRole('button', { name: range?.text ?? 'none' }));
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual(
        range?.evidence.kind === 'range' ? range.evidence.range : 'none',
      ),
    );

    const place = sentences.find(({ evidence }) => evidence.kind === 'place');
    await opened.user.click(screen.getByRole('button', { name: place?.text ?? 'none' }));
    await screen.findByText('Unique viewers');
    const at = place?.evidence.kind === 'place' ? place.evidence : { sessionId: '', atSecs: -1 };
    expect(lastRequest<VideoRequest>(opened, 'video').sessionId).toBe(at.sessionId);
    const { timeline } = await answered<VideoPage>(opened, 'video');
    const readings = timeline.view === 'bySecond' ? timeline.readings : [];
    const text = readings.findLast(({ atSecs }) => atSecs <= at.atSecs)?.text;
    await waitFor(() =>
      expect(
        screen
          .getByRole('slider', { name: /by second, read second by second/ })
          .getAttribute('aria-valuetext'),
      ).toBe(text),
    );

    await opened.user.keyboard('{Escape}');
    await screen.findByRole('heading', { level: 2, name: /^What is new/ });
    await opened.user.click(screen.getByRole('button', { name: 'Put away until something else is new' }));
    await waitFor(() => expect(screen.queryByRole('heading', { name: /^What is new/ })).toBeNull());
    expect(lastCall(opened, 'news_put_away')).toMatchObject({ isAway: true });
    await opened.user.click(await screen.findByRole('button', { name: 'Undo' }));
    await screen.findByRole('heading', { level: 2, name: /^What is new/ });
  });
});

describe('comparing', () => {
  it('takes two clicks, says both in one sentence, and lasts until it is closed', async () => {
    const opened = await openSample();
    const name = await compareWithLastYear(opened);
    await waitFor(() => expect(compared(opened)).toMatchObject({ with: 'course', laterWeeks: 0 }));
    const { compared: said, columns } = await overview(opened);
    expect(await screen.findByText(said?.sentence ?? 'none')).toBeTruthy();
    await expectAccessible();
    await opened.user.click(screen.getByRole('tab', { name: 'Table' }));
    for (const { title } of columns)
      expect(screen.getByRole('columnheader', { name: new RegExp(title.replace(/[±]/, '.')) })).toBeTruthy();
    await waitFor(() =>
      expect(lastCall(opened, 'view_remember')?.view).toMatchObject({
        compared: { [app.currentCourse?.id ?? '']: { with: 'course' } },
      }),
    );

    await opened.user.click(screen.getByRole('button', { name: 'One week later' }));
    await waitFor(() => expect(compared(opened)).toMatchObject({ laterWeeks: 1 }));
    await opened.user.click(screen.getByRole('tab', { name: 'Map' }));
    await opened.user.selectOptions(screen.getByLabelText('Colour by'), 'Difference');
    await screen.findByRole('img', { name: /in the other term/ });

    await opened.user.click(document.querySelector('[role=row][id]') as HTMLElement);
    await screen.findByText('Unique viewers');
    const page = await answered<VideoPage>(opened, 'video');
    expect(page.compared?.label).toBe(name);
    expect(within(screen.getByRole('region', { name: /by second/ })).getByText(name)).toBeTruthy();
    await opened.user.click(screen.getByRole('button', { name: 'Compare no longer' }));
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').compare).toBeNull());
    await waitFor(() => expect(screen.queryByRole('group', { name: 'Compared' })).toBeNull());
    await opened.user.keyboard('{Escape}');
    await screen.findByRole('grid', { name: /^Map/ });
    await waitFor(() => expect(screen.getByLabelText<HTMLSelectElement>('Colour by').value).toBe('reached'));
  });

  it('is chosen on a sheet by the key c, where pairs are mended and put back', async () => {
    const opened = await openSample();
    await opened.user.keyboard('c');
    const sheet = await screen.findByRole('dialog', { name: 'Compare with' });
    const { courses } = await answered<CompareChoices>(opened, 'compare_choices');
    await opened.user.click(within(sheet).getByRole('radio', { name: courses[0]?.name ?? 'none' }));
    await waitFor(() => expect(sheet.querySelector('h3')?.textContent).toBe('Videos that belong together'));
    // By role, jsdom looks through some thousand options.
    const first = () => sheet.querySelector('select') as HTMLSelectElement;
    const byHand = () => sheet.querySelector<HTMLElement>('li .link');
    await waitFor(() => expect(sheet.querySelector('select')?.value ?? '').not.toBe(''));
    const before = first().value;
    await opened.user.selectOptions(first(), '');
    await waitFor(() => expect(byHand()?.textContent).toBe('by you ×'));
    await waitFor(() => expect(first().value).toBe(''));
    await opened.user.click(byHand() as HTMLElement);
    await waitFor(() => expect(first().value).toBe(before));
    await opened.user.click(within(sheet).getByRole('radio', { name: 'What is usual for this course' }));
    await waitFor(() => expect(compared(opened)).toEqual({ with: 'usual' }));
    await opened.user.click(within(sheet).getByRole('button', { name: 'Done' }));
    expect((await overview(opened)).columns.map(({ title }) => title)).toContain('Usual');
  });

  it('says why there is no other course', async () => {
    const opened = await openWindow();
    await screen.findByRole('grid', { name: /^Map/ });
    const others = app.courses.slice(1);
    for (const { id } of others)
      await opened.program.invoke('course_remove', { courseId: id, deleteData: false });
    await app.load();
    await waitFor(async () =>
      expect((await answered<CompareChoices>(opened, 'compare_choices')).nothing).not.toBeNull(),
    );
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    const item = await screen.findByRole('menuitem', { name: /^Compare with…/ });
    expect(item.hasAttribute('disabled')).toBe(true);
    expect(item.textContent).toContain('There is no other course on the list');
    await opened.user.click(screen.getByRole('menuitem', { name: 'Compare with what is usual' }));
    await waitFor(() => expect(compared(opened)).toEqual({ with: 'usual' }));
  });
});

describe('on time', () => {
  it('stands in the table and on the page of a video that is due', async () => {
    const opened = await openSample();
    await opened.user.click(screen.getByRole('tab', { name: 'Table' }));
    expect(await screen.findByRole('columnheader', { name: /On time/ })).toBeTruthy();
    await opened.user.click(document.querySelector('#videos [aria-rowindex="4"]') as HTMLElement);
    await screen.findByText('Unique viewers');
    const { figures } = await answered<VideoPage>(opened, 'video');
    const card = figures.find(({ label }) => label === 'On time');
    expect(card).toBeTruthy();
    expect(cardOf('On time')?.parentElement?.textContent).toContain(card?.figure.text);
    expect(cardOf('On time')?.parentElement?.textContent).toContain(card?.detail);
  });
});

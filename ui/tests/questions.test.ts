// The questions of the user guide, asked by somebody who has just opened the sample: each is answered in at most two
// clicks, and the answer is on screen. Typing is no click; choosing in a list is one.

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import type {
  CourseOverview,
  DatesPage,
  VideoCaptions,
  VideoMomentsShown,
  WhatIsNew,
} from '../src/lib/bindings';
import { answered, openWindow } from './open';

// Each test fetches the sample.
vi.setConfig({ testTimeout: 180_000 });

/** The sample with its first course, and a hand that counts its clicks. */
async function askTeacher() {
  const opened = await openWindow(['firstStart']);
  await opened.user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
  await screen.findByRole('grid', { name: /^Map/ }, { timeout: 60_000 });
  await screen.findByRole('heading', { level: 2, name: /^What is new/ }, { timeout: 60_000 });
  let clicks = 0;
  const click = async (element: Element) => {
    clicks += 1;
    await opened.user.click(element);
  };
  const choose = async (list: Element, entry: string) => {
    clicks += 1;
    await opened.user.selectOptions(list, entry);
  };
  const atMost = (most: number) => expect(clicks).toBeLessThanOrEqual(most);
  return { opened, click, choose, atMost };
}

const rowOf = (name: string) => {
  const row = [...document.querySelectorAll('[role=row][id]')].find((row) => row.textContent.includes(name));
  if (!row) throw new Error(`there is no row ${name}`);
  return row;
};

describe('a teacher asks', () => {
  it('which minute do they watch again, and what did I say there?', async () => {
    const { opened, click, atMost } = await askTeacher();
    await click(rowOf('Energy balance of a street'));
    await screen.findByRole('heading', { level: 2, name: /^Moments/ });
    const { moments } = await answered<VideoMomentsShown>(opened, 'video_moments');
    const again = moments.find(({ kindName }) => kindName === 'Watched again');
    if (!again?.words) throw new Error('nothing is watched again, or nothing is said there');
    // One click: the minute and the first words.
    expect(screen.getAllByText(again.place).length).toBeGreaterThan(0);
    const words = screen.getByRole('button', { name: `Captions: “${again.words}”` });
    atMost(1);
    // The second: all of it.
    await click(words);
    const line = again.captions.at(-1);
    expect(screen.getByRole('button', { name: `${line?.at} ${line?.text}` })).toBeTruthy();
    atMost(2);
  });

  it('did they watch before the exam?', async () => {
    const { opened, atMost } = await askTeacher();
    const { dates } = await answered<DatesPage>(opened, 'dates');
    const final = dates.find(({ name }) => name === 'Final');
    expect(final?.readOut).toMatch(/% of the watch time of \d+ videos fell in the 7 days before/);
    // Pointing at the flag is enough; a screen reader reads it out.
    const flag = screen.getByRole('button', { name: /^Final, Exam/ });
    expect(flag.dataset.tip).toContain(final?.readOut);
    expect(flag.getAttribute('aria-label')).toContain(final?.readOut);
    atMost(0);
  });

  it('is this worse than last year?', async () => {
    const { opened, click, atMost } = await askTeacher();
    await click(screen.getByRole('button', { name: 'More for this course' }));
    await click(screen.getByRole('menuitem', { name: /^Compare with GEOG/ }));
    await waitFor(async () =>
      expect((await answered<CourseOverview>(opened, 'course_overview')).compared?.sentence).toMatch(
        /^\d+\.\d % here, \d+\.\d % in .*, over \d+ paired videos$/,
      ),
    );
    const { compared } = await answered<CourseOverview>(opened, 'course_overview');
    expect(await screen.findByText(compared?.sentence ?? 'none')).toBeTruthy();
    atMost(2);
  });

  it('which lecture should I record again?', async () => {
    const { opened, click, atMost } = await askTeacher();
    const { sentences } = await answered<WhatIsNew>(opened, 'what_is_new');
    const place = sentences.find(({ evidence }) => evidence.kind === 'place');
    // It is told without a click, and one leads to the second.
    await click(screen.getByRole('button', { name: place?.text ?? 'none' }));
    await screen.findByText('Unique viewers');
    await waitFor(() => expect(document.querySelector('.chart .line')).toBeTruthy());
    atMost(1);
  });

  it('or where do they drop out more than in my other lectures?', async () => {
    const { choose, click, atMost } = await askTeacher();
    await choose(screen.getByLabelText('Colour by'), 'Compared with the course');
    await screen.findByRole('img', { name: /usual/i });
    await click(rowOf('Energy balance of a street'));
    await screen.findByText('Unique viewers');
    atMost(2);
  });

  it('where did I speak of albedo?', async () => {
    const { opened, click, atMost } = await askTeacher();
    const field = screen.getByRole('searchbox', { name: 'Find a video' });
    await click(field);
    await opened.user.type(field, 'albedo');
    const list = within(await screen.findByRole('region', { name: 'Said in the videos' }));
    const place = (await list.findAllByRole('button')).find((button) => button.classList.contains('place'));
    const at = place?.querySelector('.at')?.textContent ?? 'nowhere';
    await click(place as Element);
    await screen.findByText('Unique viewers');
    await waitFor(() => expect(opened.names()).toContain('video_captions'));
    // The second is read out, with what is said there.
    await waitFor(() =>
      expect(
        screen
          .getByRole('slider', { name: /by second, read second by second/ })
          .getAttribute('aria-valuetext'),
      ).toMatch(/^\d:\d\d:\d\d · \d+ viewers?/),
    );
    expect(at).toMatch(/^\d:\d\d:\d\d$/);
    const { said } = await answered<VideoCaptions>(opened, 'video_captions');
    expect(said.length).toBeGreaterThan(0);
    atMost(2);
  });
});

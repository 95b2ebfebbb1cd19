// What the course page and the video page say and offer, over the real program.

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { CourseOverview, OverviewRequest, VideoPage, VideoRequest } from '../src/lib/bindings';
import { answered, lastRequest, openCourse, openVideo } from './open';

describe('the way through the videos', () => {
  it('follows the order of the table one came from', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('tab', { name: 'Table' }));
    await opened.user.click(screen.getByRole('button', { name: 'Viewers' }));
    await opened.user.click(screen.getByRole('button', { name: 'Viewers' }));
    const rows = () =>
      [...document.querySelectorAll<HTMLElement>('#videos .title .name[data-tip]')].map(
        ({ dataset }) => dataset.tip?.split('\n')[0],
      );
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const [first, second] = rows();
    await opened.user.click(document.querySelector('#videos [aria-rowindex="2"]') as HTMLElement);
    await screen.findByText('Unique viewers');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(first);
    expect((screen.getByRole('button', { name: /^Previous video/ }) as HTMLButtonElement).disabled).toBe(
      true,
    );
    await opened.user.keyboard('{ArrowRight}');
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(second));
    expect(screen.getByRole('button', { name: `Previous video: ${first ?? ''}` })).toBeTruthy();
  });
});

describe('the name of a video', () => {
  it('is where another one is chosen', async () => {
    const opened = await openVideo();
    const picker = screen.getByLabelText<HTMLSelectElement>('Another video');
    const last = picker.options[picker.options.length - 1];
    await opened.user.selectOptions(picker, last?.value ?? '');
    await waitFor(() =>
      expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(last?.textContent),
    );
    expect(lastRequest<VideoRequest>(opened, 'video').sessionId).toBe(last?.value);
  });
});

describe('the title of the window', () => {
  it('names the course, and the video', async () => {
    const opened = await openVideo();
    const page = await answered<VideoPage>(opened, 'video');
    expect(document.title).toBe(`${page.name} – ${page.courseName} – Panopto Video Analytics`);
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(document.title).toBe(`${page.courseName} – Panopto Video Analytics`));
  });
});

describe('the map', () => {
  it('can be compared with the course, in the words of Rust', async () => {
    const opened = await openCourse();
    const { mapMeasures } = await answered<CourseOverview>(opened, 'course_overview');
    const select = screen.getByLabelText('Colour by');
    expect([...select.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual(
      mapMeasures.map(({ label }) => label),
    );
    await opened.user.selectOptions(select, 'Compared with the course');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').mapMeasure).toBe('comparedWithCourse'),
    );
    expect(await screen.findByRole('img', { name: /usual in the course/ })).toBeTruthy();
  });

  it('says how many of the videos a search finds', async () => {
    const opened = await openCourse();
    await opened.user.type(screen.getByLabelText('Find a video'), 'Lecture 1');
    expect(await screen.findByText(/^\d+ of 40$/)).toBeTruthy();
  });
});

describe('the chart across time of a video', () => {
  it('shows the days of the video where that is asked for, on the next video too', async () => {
    const opened = await openVideo();
    expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(false);
    await opened.user.click(screen.getByRole('button', { name: 'Days of this video' }));
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(true));
    await opened.user.click(screen.getByRole('button', { name: /^Next video/ }));
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(true));
    expect(screen.getByRole('button', { name: 'Days of this video' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });
});

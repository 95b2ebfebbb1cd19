// Looking at a course and its videos, step by step, over the real program.

import { readFileSync } from 'node:fs';

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app } from '../src/lib/app.svelte';
import type { CourseOverview, OverviewRequest, VideoPage, VideoRequest } from '../src/lib/bindings';
import {
  answered,
  byPart,
  expectAccessible,
  lastCall,
  lastRequest,
  FIRST,
  openCourse,
  openVideo,
  openWindow,
} from './open';

/** The data end with the last complete day before the moment at which every program starts. */
const LAST_7 = { from: '2025-12-12', to: '2025-12-18' };

describe('a date range', () => {
  it('is written in words that begin like a line', async () => {
    await openCourse();
    expect(document.querySelector('.range .words')?.textContent).toBe('All dates');
  });

  it('is chosen with a preset, holds on the video page, and is cleared with Escape', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'Last 7 days' }));
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual(LAST_7),
    );
    expect(screen.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).toBe('true');
    const { facts } = await answered<CourseOverview>(opened, 'course_overview');
    await waitFor(() =>
      expect(document.querySelector('.facts')?.textContent?.trim()).toBe(
        `${facts} · data up to Thu 18 Dec 2025 ?`,
      ),
    );

    screen.getByRole('grid', { name: /^Map/ }).focus();
    await opened.user.keyboard('{Enter}');
    await screen.findByText('Unique viewers');
    expect(lastRequest<VideoRequest>(opened, 'video').range).toEqual(LAST_7);

    screen.getByRole('slider', { name: /day by day/ }).focus();
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').range).toBeNull());
  });

  it('is dragged across the chart, and the words follow at once', async () => {
    const opened = await openCourse();
    const plot = screen.getByRole('slider', { name: /day by day/ });
    const { timeChart } = await opened.program
      .invoke('course_overview', {
        request: {
          ...lastRequest<OverviewRequest>(opened, 'course_overview'),
          timeFrame: { width: 900, height: 112 },
        },
      })
      .then((answer) => answer as CourseOverview);
    const at = (index: number) => {
      const point = timeChart?.points[index];
      return {
        clientX: ((point?.left ?? 0) + (point?.right ?? 0)) / 2,
        clientY: 40,
        button: 0,
        pointerId: 1,
      };
    };
    await fireEvent.pointerDown(plot, at(3));
    await fireEvent.pointerMove(plot, at(7));
    await fireEvent.pointerMove(plot, at(10));
    expect(screen.getByText(/^Fri 19 Sept( 2025)? – Fri 26 Sept 2025$/)).toBeTruthy();
    await fireEvent.pointerUp(plot, at(10));
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual({
        from: '2025-09-19',
        to: '2025-09-26',
      }),
    );
    // The chart itself is the same for every range, so it is not sent again.
    expect(lastRequest<OverviewRequest>(opened, 'course_overview').timeFrame).toBeNull();

    // A click alone chooses nothing.
    await fireEvent.pointerDown(plot, at(30));
    await fireEvent.pointerUp(plot, at(30));
    expect(app.days.of(app.courses[0]?.id ?? '')).toEqual({ from: '2025-09-19', to: '2025-09-26' });

    // Dragging inside moves the whole stretch.
    await fireEvent.pointerDown(plot, at(5));
    await fireEvent.pointerMove(plot, at(9));
    await fireEvent.pointerUp(plot, at(9));
    expect(app.days.of(app.courses[0]?.id ?? '')).toEqual({ from: '2025-09-23', to: '2025-09-30' });
  });

  it('is chosen with the keys: handles as sliders, Shift on the chart', async () => {
    const opened = await openCourse();
    const first = screen.getByRole('slider', { name: 'First day' });
    first.focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{PageUp}');
    expect(first.getAttribute('aria-valuetext')).toBe('Thu 25 Sept 2025');
    expect(app.days.of(app.courses[0]?.id ?? '')).toEqual({ from: '2025-09-25', to: '2025-12-18' });

    screen.getByRole('slider', { name: 'Last day' }).focus();
    await opened.user.keyboard('{Home}');
    expect(app.days.of(app.courses[0]?.id ?? '')).toEqual({ from: '2025-09-25', to: '2025-09-25' });

    const plot = screen.getByRole('slider', { name: /day by day/ });
    plot.focus();
    await opened.user.keyboard('{Home}{Home}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(app.days.of(app.courses[0]?.id ?? '')).toEqual({ from: '2025-09-16', to: '2025-09-18' });
  });
});

describe('the map', () => {
  it('reads out a cell with the words of Rust and opens the video', async () => {
    const opened = await openCourse();
    screen.getByRole('grid', { name: /^Map/ }).focus();
    // The fifth row; the rows before it are extras of the course.
    await opened.user.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}{ArrowRight}{ArrowRight}');
    await waitFor(() => expect(document.querySelectorAll('.tip')).toHaveLength(1));
    const detail = (await opened.program.invoke('map_row', lastCall(opened, 'map_row') ?? {})) as {
      cells: { part: string; reached: string }[];
    };
    expect(document.querySelector('.tip')?.textContent).toContain(detail.cells[1]?.part);
    expect(document.querySelector('.tip')?.textContent).toContain(detail.cells[1]?.reached);
    // Once requested, it is not requested again while it is valid.
    const asked = opened.names().filter((name) => name === 'map_row').length;
    await opened.user.keyboard('{ArrowRight}{ArrowLeft}');
    expect(opened.names().filter((name) => name === 'map_row')).toHaveLength(asked);

    await opened.user.keyboard('{Enter}');
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Lecture 02: Energy balance of a street' }),
    ).toBeTruthy();
  });

  it('asks again when the colour changes its meaning, and remembers it', async () => {
    const opened = await openCourse();
    await opened.user.selectOptions(screen.getByLabelText('Colour by'), 'Covered at least 75 %');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').mapMeasure).toBe('covered'),
    );
    expect(lastCall(opened, 'view_remember')?.view).toMatchObject({ mapMeasure: 'covered' });
    expect(
      await screen.findByRole('img', {
        name: /who covered at least 75 % of the part: 0 %, 25 %, 50 %, 75 %, 100 %/,
      }),
    ).toBeTruthy();
  });

  it('finds videos by words of their name', async () => {
    const { user } = await openCourse();
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByLabelText('Find a video'));
    await user.keyboard('case zürich');
    expect(document.querySelectorAll('[role=row][id]')).toHaveLength(1);
    await user.clear(screen.getByLabelText('Find a video'));
    await user.keyboard('no such video');
    expect(screen.getByText('No video is called that')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all videos' }));
    expect(document.querySelectorAll('[role=row][id]').length).toBeGreaterThan(10);
  });
});

describe('a video under the pointer', () => {
  it('is read out with its whole name, and no longer than its page is shown', async () => {
    const opened = await openCourse();
    const { videos } = await answered<CourseOverview>(opened, 'course_overview');
    const cut = document.querySelector<HTMLElement>('.map [role=gridcell][data-tip]');
    if (!cut) throw new Error('there are no names');
    await opened.user.hover(cut);
    await waitFor(() =>
      expect([...document.querySelectorAll('.hint p')].map(({ textContent }) => textContent)).toEqual(
        videos[0]?.readout,
      ),
    );
    await opened.user.click(cut);
    await screen.findByText('Unique viewers');
    // The element now under the pointer may have a hint of its own.
    expect(document.querySelector('.hint')?.textContent ?? '').not.toContain(videos[0]?.readout[0]);
    // The system's own tooltips could not be removed.
    location.hash = `#/course/${encodeURIComponent(app.courses[0]?.id ?? '')}`;
    await screen.findByRole('grid', { name: /^Map/ });
    expect(document.querySelectorAll('main [role=rowgroup] [title], nav [title]')).toHaveLength(0);
  });
});

describe('the other views', () => {
  it.each([
    ['2', 'Heat', 'listbox'],
    ['3', 'Timelines', 'listbox'],
    ['4', 'Table', 'grid'],
    ['5', 'Top', 'tabpanel'],
  ])('key %s shows %s', async (key, name, role) => {
    const { user } = await openCourse();
    await user.keyboard(key);
    expect(screen.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true');
    expect(await screen.findByRole(role)).toBeTruthy();
    await expectAccessible();
  });

  it('asks for the visible small charts only', async () => {
    const opened = await openCourse(['manyVideos']);
    await opened.user.keyboard('3');
    await waitFor(() => expect(opened.names()).toContain('timelines'));
    const { sessionIds } = lastRequest<{ sessionIds: string[] }>(opened, 'timelines');
    expect(sessionIds.length).toBeGreaterThan(10);
    expect(sessionIds.length).toBeLessThanOrEqual(100);
    await waitFor(() => {
      const drawn = document.querySelectorAll('.timeline svg').length;
      expect(drawn).toBeGreaterThan(10);
      expect(drawn + document.querySelectorAll('.nobody').length).toBe(sessionIds.length);
    });
  });

  it('sorts the table both ways, missing numbers last', async () => {
    const opened = await openCourse();
    await opened.user.keyboard('4');
    const column = () =>
      [...document.querySelectorAll('[role=row][id] .coveredShare')].map((cell) => cell.textContent);
    const value = (text: string | null) => (text === '–' ? null : Number.parseFloat(text ?? ''));
    for (const [order, sign] of [
      ['descending', -1],
      ['ascending', 1],
    ] as const) {
      await opened.user.click(screen.getByRole('button', { name: 'Share' }));
      expect(screen.getByRole('columnheader', { name: /Share/ }).getAttribute('aria-sort')).toBe(order);
      const values = column().map(value);
      const numbers = values.filter((one) => one !== null);
      expect(numbers.length).toBeGreaterThan(15);
      expect(numbers).toEqual(numbers.toSorted((a, b) => sign * (a - b)));
      expect(values.slice(0, numbers.length)).toEqual(numbers);
    }
  });
});

describe('a video', () => {
  it('shows its figures and says what each is', async () => {
    const opened = await openVideo(1);
    const { figures } = await answered<VideoPage>(opened, 'video');
    for (const { label, figure, explanation } of figures) {
      expect(screen.getAllByText(figure.text).length).toBeGreaterThan(0);
      await opened.user.click(screen.getByRole('button', { name: `What is this? ${label}` }));
      const card = screen.getByRole('note');
      expect(card.textContent).toContain(explanation.formula);
      expect(card.textContent).toContain(explanation.freshness);
      await opened.user.keyboard('{Escape}');
      expect(screen.queryByRole('note')).toBeNull();
    }
    await expectAccessible();
  });

  it('reads out both charts over the timeline at one position', async () => {
    const opened = await openVideo(1);
    const { viewers, averageTime } = await byPart(opened);
    screen.getByRole('slider', { name: /Viewers across the timeline/ }).focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    const point = viewers.points[2];
    expect(screen.getAllByText(point?.label ?? 'none')).toHaveLength(2);
    const timeline = screen.getByRole('region', { name: 'Viewers across the timeline' });
    for (const { text } of point?.values ?? [])
      expect(within(timeline).getAllByText(text).length).toBeGreaterThan(0);
    const average = screen.getByRole('region', { name: 'Average time per viewer and part' });
    expect(within(average).getByText(averageTime?.points[2]?.values[0]?.text ?? 'none')).toBeTruthy();
    expect(
      screen.getByRole('slider', { name: /Average time per viewer and part/ }).getAttribute('aria-valuetext'),
    ).toContain(point?.label);
  });

  it('has the data of a chart as a table', async () => {
    const opened = await openVideo(1);
    const { viewers } = await byPart(opened);
    await opened.user.click(screen.getByRole('button', { name: 'Viewers across the timeline: more' }));
    await opened.user.keyboard('{Enter}');
    const table = within(await screen.findByRole('table')).getAllByRole('row');
    expect(table).toHaveLength(21);
    viewers.points.forEach((point, index) => {
      const cells = [...(table[index + 1]?.children ?? [])].map((cell) => cell.textContent);
      expect(cells).toEqual([point.label, ...point.values.map(({ text }) => text)]);
    });
    await expectAccessible();
  });

  it('stays while a dialog over it takes the keys', async () => {
    const opened = await openVideo(1);
    const { user } = opened;
    await byPart(opened);
    const name = screen.getByRole('heading', { level: 1 }).textContent ?? '';
    await user.click(screen.getByRole('button', { name: 'Viewers across the timeline: more' }));
    await user.keyboard('{Enter}');
    const dialog = await screen.findByRole('dialog');
    await user.keyboard('{ArrowRight}{Escape}');
    // A browser does this with Escape; jsdom does not.
    await fireEvent(dialog, new Event('cancel', { cancelable: true }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(screen.getByRole('heading', { level: 1, name })).toBeTruthy();
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
  });

  it('goes to the next and previous video and back with the keys', async () => {
    const { user } = await openVideo(4);
    expect(screen.getByRole('heading', { level: 1, name: /^Lecture 01: Welcome/ })).toBeTruthy();
    await user.keyboard('{ArrowRight}');
    expect(await screen.findByRole('heading', { level: 1, name: /^Lecture 02: Energy/ })).toBeTruthy();
    await user.keyboard('{ArrowLeft}');
    for (const name of [/^Lecture 01/, /^Q&A/, /^Microphone test/, /^Lab 1/]) {
      expect(await screen.findByRole('heading', { level: 1, name })).toBeTruthy();
      await user.keyboard('{ArrowLeft}');
    }
    await waitFor(() =>
      expect(screen.getByRole('button', { name: /^Previous video/ }).hasAttribute('disabled')).toBe(true),
    );
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
  });

  it('saves what is on screen and opens in Panopto', async () => {
    const opened = await openVideo(1);
    const { averageTime } = await byPart(opened);
    await opened.user.click(screen.getByRole('button', { name: 'Average time per viewer and part: more' }));
    await opened.program.do('pick', `${opened.program.dir}/average.png`);
    await opened.user.click(screen.getByRole('menuitem', { name: 'Save as PNG' }));
    expect(await screen.findByText(/average.png saved/)).toBeTruthy();
    expect([...readFileSync(`${opened.program.dir}/average.png`).subarray(1, 4)]).toEqual([
      ...Buffer.from('PNG'),
    ]);
    const { names } = await opened.program.desktop();
    expect(names).toEqual(['Lab 1_ logging temperature on a walk – Average time per viewer and part.png']);
    const request = lastRequest<Record<string, unknown>>(opened, 'chart_save');
    expect(request).toMatchObject({
      kind: 'averageTime',
      format: 'png',
      theme: 'light',
      range: null,
    });
    expect(request.frame).toEqual(averageTime?.frame);
    await opened.user.click(screen.getByRole('button', { name: /Open in Panopto/ }));
    await waitFor(async () => expect((await opened.program.desktop()).pages).toHaveLength(1));
    const [page = ''] = (await opened.program.desktop()).pages;
    expect(page).toContain(`${opened.program.server.replace(/\/$/, '')}/Panopto/Pages/Viewer.aspx?id=`);
    expect(page).toContain(String(lastCall(opened, 'open_in_panopto')?.sessionId));
  });

  it('says once that nobody watched, instead of three empty charts', async () => {
    await openVideo(1, ['unwatched']);
    expect(await screen.findByRole('heading', { name: 'Nobody has watched yet' })).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    await expectAccessible();
  });

  it('shows names as text and nothing else', async () => {
    await openVideo(7, ['hardNames']);
    expect(
      await screen.findByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' }),
    ).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('the way back', () => {
  it('restores the place: the search text, and the video that was open', async () => {
    const { user } = await openCourse(['manyVideos']);
    await user.type(screen.getByLabelText('Find a video'), 'part');
    screen.getByRole('grid').focus();
    await user.keyboard('{End}{ArrowUp}{Enter}');
    const name = (await screen.findByRole('heading', { level: 1, name: /part/ })).textContent ?? '';
    await user.keyboard('{Escape}');
    const grid = await screen.findByRole('grid', { name: /^Map/ });
    expect((screen.getByLabelText('Find a video') as HTMLInputElement).value).toBe('part');
    await waitFor(() => expect(document.activeElement).toBe(grid));
    const active = document.getElementById(grid.getAttribute('aria-activedescendant') ?? '');
    expect(active?.textContent).toContain(name);
  });

  it('leads home from a course that is not on the list', async () => {
    await openWindow([], '#/course/00000000-0000-0000-0000-000000000000');
    expect(await screen.findByRole('heading', { level: 1, name: FIRST })).toBeTruthy();
  });
});

// What people do, step by step, over the fake backend.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it, vi } from 'vitest';

import { app } from '../src/lib/app.svelte';
import type { CourseOverview, OverviewRequest, VideoPage, VideoRequest } from '../src/lib/bindings/dto';
import { expectAccessible, openCourse, openVideo, openWindow } from './open';

type Opened = Awaited<ReturnType<typeof openWindow>>;

const lastCall = ({ backend }: Opened, command: string) =>
  backend.calls.filter((call) => call.command === command).at(-1)?.args;
const lastRequest = <R>(opened: Opened, command: string) => lastCall(opened, command)?.request as R;

/** What the fake answers to the last request of this kind: the numbers that must be on screen. */
async function answered<R>(opened: Opened, command: string): Promise<R> {
  return (await opened.backend.invoke(command, lastCall(opened, command) ?? {})) as R;
}

describe('a date range', () => {
  it('is chosen with a preset, holds on the video page, and is taken back with Escape', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'Last 7 days' }));
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual({
        from: '2020-11-16',
        to: '2020-11-22',
      }),
    );
    expect(screen.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).toBe('true');
    const { facts } = await answered<CourseOverview>(opened, 'course_overview');
    await waitFor(() =>
      expect(document.querySelector('.facts')?.textContent?.trim()).toBe(
        `${facts} · data up to Sun 22 Nov 2020`,
      ),
    );

    screen.getByRole('grid', { name: /^Map/ }).focus();
    await opened.user.keyboard('{Enter}');
    await screen.findByText('Unique viewers');
    expect(lastRequest<VideoRequest>(opened, 'video').range).toEqual({
      from: '2020-11-16',
      to: '2020-11-22',
    });

    screen.getByRole('slider', { name: /day by day/ }).focus();
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').range).toBeNull());
  });

  it('is dragged across the chart, the words following at once', async () => {
    const opened = await openCourse();
    const plot = screen.getByRole('slider', { name: /day by day/ });
    const { timeChart } = await opened.backend
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
    expect(screen.getByText(/^Fri 11 Sept( 2020)? – Fri 18 Sept 2020$/)).toBeTruthy();
    await fireEvent.pointerUp(plot, at(10));
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual({
        from: '2020-09-11',
        to: '2020-09-18',
      }),
    );
    // The chart itself is the same for every range, and is not sent again.
    expect(lastRequest<OverviewRequest>(opened, 'course_overview').timeFrame).toBeNull();

    // A click alone chooses nothing.
    await fireEvent.pointerDown(plot, at(30));
    await fireEvent.pointerUp(plot, at(30));
    expect(app.range(app.courses[0]?.id ?? '')).toEqual({ from: '2020-09-11', to: '2020-09-18' });

    // Dragging inside moves the whole stretch.
    await fireEvent.pointerDown(plot, at(5));
    await fireEvent.pointerMove(plot, at(9));
    await fireEvent.pointerUp(plot, at(9));
    expect(app.range(app.courses[0]?.id ?? '')).toEqual({ from: '2020-09-15', to: '2020-09-22' });
  });

  it('is chosen with the keys: handles as sliders, Shift on the chart', async () => {
    const opened = await openCourse();
    const first = screen.getByRole('slider', { name: 'First day' });
    first.focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{PageUp}');
    expect(first.getAttribute('aria-valuetext')).toBe('Thu 17 Sept 2020');
    expect(app.range(app.courses[0]?.id ?? '')).toEqual({ from: '2020-09-17', to: '2020-11-22' });

    screen.getByRole('slider', { name: 'Last day' }).focus();
    await opened.user.keyboard('{Home}');
    expect(app.range(app.courses[0]?.id ?? '')).toEqual({ from: '2020-09-17', to: '2020-09-17' });

    const plot = screen.getByRole('slider', { name: /day by day/ });
    plot.focus();
    await opened.user.keyboard('{Home}{Home}{Shift>}{ArrowRight}{ArrowRight}{/Shift}');
    expect(app.range(app.courses[0]?.id ?? '')).toEqual({ from: '2020-09-08', to: '2020-09-10' });
  });
});

describe('the map', () => {
  it('reads out a cell with the words of Rust and opens the video', async () => {
    const opened = await openCourse();
    screen.getByRole('grid', { name: /^Map/ }).focus();
    await opened.user.keyboard('{ArrowDown}{ArrowRight}{ArrowRight}');
    await waitFor(() => expect(document.querySelectorAll('.tip')).toHaveLength(1));
    const detail = (await opened.backend.invoke('map_row', lastCall(opened, 'map_row') ?? {})) as {
      cells: { part: string; reached: string }[];
    };
    expect(document.querySelector('.tip')?.textContent).toContain(detail.cells[1]?.part);
    expect(document.querySelector('.tip')?.textContent).toContain(detail.cells[1]?.reached);
    // Once asked, not asked again while it holds.
    const asked = opened.names().filter((name) => name === 'map_row').length;
    await opened.user.keyboard('{ArrowRight}{ArrowLeft}');
    expect(opened.names().filter((name) => name === 'map_row')).toHaveLength(asked);

    await opened.user.keyboard('{Enter}');
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Costs I: fixed and variable' }),
    ).toBeTruthy();
  });

  it('draws only what is in sight of 2,000 videos', async () => {
    const opened = await openCourse(['many']);
    const rows = () => document.querySelectorAll('[role=grid] [role=row]');
    expect(screen.getByRole('grid').getAttribute('aria-rowcount')).toBe('2001');
    expect(rows().length).toBeLessThan(60);
    screen.getByRole('grid').focus();
    await opened.user.keyboard('{End}');
    await waitFor(() => expect(document.querySelector('[aria-rowindex="2001"]')).toBeTruthy());
    expect(rows().length).toBeLessThan(60);
  });

  it('asks again when the colour is to mean something else, and remembers it', async () => {
    const opened = await openCourse();
    await opened.user.selectOptions(screen.getByLabelText('Colour by'), 'Covered at least 75 %');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').mapMeasure).toBe('covered'),
    );
    expect(lastCall(opened, 'view_remember')?.view).toMatchObject({ mapMeasure: 'covered' });
    expect(
      await screen.findByRole('img', {
        name: /who covered at least 75 % of the chunk: 0 %, 25 %, 50 %, 75 %, 100 %/,
      }),
    ).toBeTruthy();
  });

  it('finds videos by words of their name', async () => {
    const { user } = await openCourse();
    await user.keyboard('/');
    expect(document.activeElement).toBe(screen.getByLabelText('Find a video'));
    await user.keyboard('linear solver');
    expect(document.querySelectorAll('[role=row][id]')).toHaveLength(1);
    await user.clear(screen.getByLabelText('Find a video'));
    await user.keyboard('no such video');
    expect(screen.getByText('No video is called that')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Show all videos' }));
    expect(document.querySelectorAll('[role=row][id]').length).toBeGreaterThan(10);
  });
});

describe('a name that is cut off', () => {
  it('is shown whole under the pointer, and not a moment longer than the page it is on', async () => {
    const opened = await openCourse();
    const [cut, whole] = [...document.querySelectorAll<HTMLElement>('.map [data-hint]')];
    if (!cut || !whole) throw new Error('there are no names');
    Object.defineProperty(cut, 'scrollWidth', { value: 2000 });
    await opened.user.hover(whole);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(document.querySelector('.hint')).toBeNull();
    await opened.user.hover(cut);
    await waitFor(() => expect(document.querySelector('.hint')?.textContent).toBe(cut.dataset.hint));
    await opened.user.click(cut);
    await screen.findByText('Unique viewers');
    expect(document.querySelector('.hint')).toBeNull();
    // The system's own tooltips cannot be taken back.
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

  it('asks for the small charts in sight only', async () => {
    const opened = await openCourse(['many']);
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

  it('sorts the table both ways, what has no number last', async () => {
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
  it('shows four figures and says what each is', async () => {
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
    const page = await answered<VideoPage>(opened, 'video');
    screen.getByRole('slider', { name: /Viewers across the timeline/ }).focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    const point = page.timelineChart.points[2];
    expect(screen.getAllByText(point?.label ?? 'none')).toHaveLength(2);
    const timeline = screen.getByRole('region', { name: 'Viewers across the timeline' });
    for (const { text } of point?.values ?? [])
      expect(within(timeline).getAllByText(text).length).toBeGreaterThan(0);
    const average = screen.getByRole('region', { name: 'Average time per viewer' });
    expect(
      within(average).getByText(page.averageTimeChart.points[2]?.values[0]?.text ?? 'none'),
    ).toBeTruthy();
    expect(
      screen.getByRole('slider', { name: /Average time per viewer/ }).getAttribute('aria-valuetext'),
    ).toContain(point?.label);
  });

  it('has the data of a chart as a table', async () => {
    const opened = await openVideo(1);
    const { timelineChart } = await answered<VideoPage>(opened, 'video');
    await opened.user.click(screen.getByRole('button', { name: 'Viewers across the timeline: more' }));
    await opened.user.keyboard('{Enter}');
    const table = within(await screen.findByRole('table')).getAllByRole('row');
    expect(table).toHaveLength(21);
    timelineChart.points.forEach((point, index) => {
      const cells = [...(table[index + 1]?.children ?? [])].map((cell) => cell.textContent);
      expect(cells).toEqual([point.label, ...point.values.map(({ text }) => text)]);
    });
    await expectAccessible();
  });

  it('goes to the next and previous video and back with the keys', async () => {
    const { user } = await openVideo(2);
    await user.keyboard('{ArrowRight}');
    expect(await screen.findByRole('heading', { level: 1, name: 'Costs II: break-even' })).toBeTruthy();
    await user.keyboard('{ArrowLeft}');
    await user.keyboard('{ArrowLeft}');
    expect(await screen.findByRole('heading', { level: 1, name: /^Welcome/ })).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: /^Previous video/ }).hasAttribute('disabled')).toBe(true),
    );
    await user.keyboard('{Escape}');
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
  });

  it('saves what is on screen and opens in Panopto', async () => {
    const opened = await openVideo(1);
    await opened.user.click(screen.getByRole('button', { name: 'Last 28 days' }));
    await opened.user.click(screen.getByRole('button', { name: 'Average time per viewer: more' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Save as PNG' }));
    expect(await screen.findByText(/averageTime.png saved/)).toBeTruthy();
    const request = lastRequest<Record<string, unknown>>(opened, 'chart_save');
    expect(request).toMatchObject({
      kind: 'averageTime',
      format: 'png',
      theme: 'light',
      range: { from: '2020-10-26', to: '2020-11-22' },
    });
    expect(request.frame).toEqual((await answered<VideoPage>(opened, 'video')).averageTimeChart.frame);
    await opened.user.click(screen.getByRole('button', { name: /Open in Panopto/ }));
    expect(opened.names()).toContain('open_in_panopto');
  });

  it('says once that nobody watched, instead of three empty charts', async () => {
    await openVideo(1, ['unwatched']);
    expect(await screen.findByRole('heading', { name: 'Nobody has watched yet' })).toBeTruthy();
    expect(screen.queryByRole('slider')).toBeNull();
    await expectAccessible();
  });

  it('shows names as text and nothing else', async () => {
    await openVideo(4, ['long']);
    expect(
      await screen.findByRole('heading', { level: 1, name: '<img src=x onerror=alert(1)>' }),
    ).toBeTruthy();
    expect(document.querySelector('img')).toBeNull();
  });
});

describe('syncing', () => {
  it('shows progress in the row of the course and can be stopped', async () => {
    const opened = await openCourse(['syncing']);
    await opened.user.click(screen.getByRole('button', { name: 'Sync' }));
    const sidebar = within(screen.getByRole('navigation', { name: 'Courses' }));
    expect(await sidebar.findByText('26 of 42 videos')).toBeTruthy();
    for (const text of ['15,912 viewing records', 'Less than a minute left', 'Syncing 61 %'])
      expect(sidebar.getByText(text)).toBeTruthy();
    await expectAccessible();
    // The window stays usable.
    await opened.user.click(screen.getByRole('tab', { name: 'Top' }));
    expect(screen.getByText('Most viewers')).toBeTruthy();
    // One way to stop, wherever one is.
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    location.hash = '#/settings';
    await screen.findByRole('heading', { level: 1, name: 'Settings' });
    expect(sidebar.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await opened.user.click(sidebar.getByRole('link', { name: /COMM 290/ }));
    await waitFor(() => expect(sidebar.queryByRole('button', { name: /Stop/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Stop sync' }));
    expect(await screen.findByText(/Stopped; what was fetched is kept/)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Continue' })).toBeTruthy();
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Sync' }).hasAttribute('disabled')).toBe(false),
    );
  });

  it('shows on the page what the first sync does, and the map when it is done', async () => {
    const opened = await openWindow(['nodata']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    expect(document.querySelector('.facts')?.textContent).toContain('42 videos · 186 viewers');
  });

  it('says step by step how far the first sync is, and has one way to stop it', async () => {
    const opened = await openWindow(['nodata', 'syncing']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const page = within(screen.getByRole('main'));
    const bar = await page.findByRole('progressbar', { name: 'Fetch the viewing records of each video' });
    await waitFor(() => expect(bar.getAttribute('aria-valuetext')).toContain('26 of 42 videos'));
    for (const text of ['26 of 42 videos', '15,912 viewing records', 'less than a minute left'])
      expect(page.getByText(text)).toBeTruthy();
    expect(page.getByText('List the folders and videos').closest('li')?.className).toContain('done');
    expect(page.getByText('Work out which parts were watched').closest('li')?.className).toContain('next');
    // Nothing says that there is nothing.
    expect(page.queryByText(/no videos yet/)).toBeNull();
    expect(screen.getAllByRole('button', { name: /Stop/ })).toHaveLength(1);
    await expectAccessible();
    await opened.user.click(page.getByRole('button', { name: 'Stop sync' }));
    expect(await page.findByRole('heading', { name: 'The first sync was stopped' })).toBeTruthy();
    expect(page.getByRole('button', { name: 'Continue' })).toBeTruthy();
  });

  it('is never at 100 % before it is over', async () => {
    const opened = await openWindow(['nodata', 'finishing']);
    await opened.user.click(await screen.findByRole('button', { name: 'Sync' }));
    const bar = await screen.findByRole('progressbar', { name: 'Work out which parts were watched' });
    expect(bar.hasAttribute('aria-valuenow')).toBe(false);
    expect(screen.getByText('Finishing')).toBeTruthy();
    expect(document.body.textContent).not.toContain('100 %');
  });

  it('reads the course again when it is done', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    await opened.user.keyboard('{Control>}r{/Control}');
    expect(await screen.findByText('1 course synced, 1,204 new viewing records')).toBeTruthy();
    expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before);
    expect(lastCall(opened, 'sync_start')?.courseIds).toEqual([app.courses[0]?.id]);
  });

  it('shows the offline banner when the server cannot be reached, and keeps what is there', async () => {
    const { user } = await openCourse(['offline']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    expect(await screen.findByText(/Panopto cannot be reached/)).toBeTruthy();
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
  });

  it('lists what failed, with its reason', async () => {
    const { user } = await openCourse(['partial']);
    await user.click(screen.getByRole('button', { name: 'Show which' }));
    expect(await screen.findByText(/did not answer in 60 seconds/)).toBeTruthy();
    await expectAccessible();
  });

  it('is refused while another process writes', async () => {
    const { user } = await openCourse(['busy']);
    await user.click(screen.getByRole('button', { name: 'Sync' }));
    await waitFor(() => expect(screen.getAllByText(/is writing this data folder/).length).toBe(2));
  });
});

describe('the course list', () => {
  it('adds by search', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), '294');
    await user.click(await screen.findByRole('button', { name: 'Add COMM 294 2021W2' }));
    expect(await screen.findByText('COMM 294 2021W2 added')).toBeTruthy();
    expect(await screen.findByText('On the list')).toBeTruthy();
    expect(screen.getByRole('link', { name: /COMM 294 2021W2.*not synced yet/ })).toBeTruthy();
  });

  it('adds by links and IDs, several at once', async () => {
    const opened = await openWindow([], '#/add');
    const field = await screen.findByRole('searchbox');
    const ids = ['6513270e-269e-4d37-b2a7-4de452e6b403', '6513270e-269e-4d37-b2a7-4de452e6b404'];
    await fireEvent.input(field, { target: { value: ids.join(' ') } });
    await opened.user.click(await screen.findByRole('button', { name: 'Add 2 folders' }));
    expect(await screen.findByText('COMM 294 2021W2 and COMM 298 2021W1 added')).toBeTruthy();
    expect(lastCall(opened, 'courses_add')?.inputs).toEqual(ids);
  });

  it('says at the field why a link is none', async () => {
    const { user } = await openWindow([], '#/add');
    await user.type(await screen.findByRole('searchbox'), 'https://elsewhere.example.com/x');
    await user.click(screen.getByRole('button', { name: 'Add this folder' }));
    expect(await screen.findByText(/neither a folder ID nor a Panopto link/)).toBeTruthy();
    expect(screen.getByRole('searchbox').getAttribute('aria-invalid')).toBe('true');
  });

  it('removes a course and takes it back', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Remove with its data' }));
    const told = /COMM 290 2021W1 removed; its data is deleted when the program is closed/;
    expect(await screen.findByText(told)).toBeTruthy();
    expect(lastCall(opened, 'course_remove')).toMatchObject({ deleteData: true });
    await waitFor(() => expect(screen.queryByRole('link', { name: /COMM 290/ })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('link', { name: /COMM 290/ })).toBeTruthy();
  });

  it('takes a removal back long after the message has gone: with the keys, and where courses are added', async () => {
    const opened = await openCourse();
    const remove = async (what: string) => {
      await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
      await opened.user.click(screen.getByRole('menuitem', { name: what }));
      await screen.findByText(/COMM 290 2021W1 removed/);
      await opened.user.click(screen.getByRole('button', { name: 'Dismiss' }));
      await waitFor(() => expect(screen.queryByRole('link', { name: /COMM 290/ })).toBeNull());
    };
    await remove('Remove with its data');
    // What is typed has its own undo.
    await opened.user.type(await screen.findByLabelText('Find a video'), 'x{Control>}z{/Control}');
    expect(opened.names()).not.toContain('course_remove_undo');
    (document.activeElement as HTMLElement).blur();
    await opened.user.keyboard('{Control>}z{/Control}');
    expect(await screen.findByRole('heading', { level: 1, name: 'COMM 290 2021W1' })).toBeTruthy();

    await remove('Remove from the list');
    location.hash = '#/add';
    await screen.findByRole('heading', { name: 'Recently removed' });
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Put back COMM 290 2021W1' }));
    expect(await screen.findByRole('heading', { level: 1, name: 'COMM 290 2021W1' })).toBeTruthy();
    expect(app.undoable).toEqual([]);
  });

  it('takes a dropped courses.csv, .env and folder for what they are', async () => {
    const opened = await openCourse();
    opened.backend.emit('tauri://drag-enter', { paths: ['C:\\work\\courses.csv'] });
    expect(await screen.findByText('Drop to add the courses of this list')).toBeTruthy();
    opened.backend.emit('tauri://drag-drop', { paths: ['C:\\work\\courses.csv'] });
    expect(await screen.findByText('COMM 294 2021W2 and COMM 298 2021W1 added')).toBeTruthy();
    expect(screen.getByText('Not added: Line 4 of courses.csv has no folder ID')).toBeTruthy();
    opened.backend.emit('tauri://drag-drop', { paths: ['/home/x/.env'] });
    expect(await screen.findByText(/Delete the file now/)).toBeTruthy();
    opened.backend.emit('tauri://drag-drop', { paths: ['/home/x/panopto'] });
    await waitFor(() => expect(lastCall(opened, 'data_folder_open_path')?.path).toBe('/home/x/panopto'));
  });
});

describe('connecting', () => {
  it('goes through the browser and on to adding a course', async () => {
    const opened = await openWindow(['welcome']);
    await opened.user.click(await screen.findByRole('button', { name: /Connect to Panopto/ }));
    await opened.user.type(await screen.findByLabelText('Server'), 'ubc.ca.panopto.com');
    await opened.user.type(screen.getByLabelText('Client ID'), '2b0c94a5');
    const button = screen.getByRole('button', { name: 'Sign in with the browser' });
    expect(button.hasAttribute('disabled')).toBe(true);
    await opened.user.type(screen.getByLabelText('Client secret'), 'a+b/c=&<');
    await opened.user.click(button);
    expect(await screen.findByText('Signed in as Maya Okafor')).toBeTruthy();
    expect(await screen.findByRole('heading', { name: 'Add a course' })).toBeTruthy();
    expect(lastRequest(opened, 'connection_set')).toMatchObject({ clientSecret: 'a+b/c=&<' });
  });

  it('can be given up while the browser is open', async () => {
    const opened = await openWindow(['signedout', 'neverback'], '#/connect');
    await opened.user.click(await screen.findByRole('button', { name: 'Sign in with the browser' }));
    expect(await screen.findByText('Waiting for your browser.')).toBeTruthy();
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Cancel' }));
    // Given up is not an error.
    expect(await screen.findByRole('button', { name: 'Sign in with the browser' })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
    expect(opened.names()).toContain('job_cancel');
  });

  it('says at the place what is wrong with the password, and forgets the secret', async () => {
    const opened = await openWindow(['signedout'], '#/connect');
    await opened.user.click(await screen.findByLabelText('With user name and password'));
    await opened.user.type(screen.getByLabelText('User name'), 'mokafor');
    await opened.user.type(screen.getByLabelText('Password'), 'wrong');
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText(/does not accept this user name and password/)).toBeTruthy();
    expect(screen.getByLabelText('Password').getAttribute('aria-invalid')).toBe('true');
    await opened.user.clear(screen.getByLabelText('Password'));
    await opened.user.type(screen.getByLabelText('Password'), 'right');
    await opened.user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByText('Signed in as mokafor')).toBeTruthy();
    expect(document.body.textContent).not.toContain('right');
    expect([...document.querySelectorAll('input')].map(({ value }) => value)).not.toContain('right');
  });

  it('says at the server field what is wrong with the server', async () => {
    const { user } = await openWindow(['signedout'], '#/connect');
    const server = await screen.findByLabelText('Server');
    await user.clear(server);
    await user.type(server, 'nonsense');
    await user.click(screen.getByRole('button', { name: 'Sign in with the browser' }));
    expect(await screen.findByText(/is not the address of a server/)).toBeTruthy();
    expect(server.getAttribute('aria-describedby')).toBe('server-error');
  });

  it('checks the sign-in, and asks to sign in where it has ended', async () => {
    const { user } = await openWindow(['offline'], '#/connect');
    await user.click(await screen.findByRole('button', { name: 'Check the sign-in' }));
    expect(await screen.findByText('ubc.ca.panopto.com cannot be reached')).toBeTruthy();
    expect(await screen.findByText(/Panopto cannot be reached/)).toBeTruthy();
  });

  it('signs out', async () => {
    const { user } = await openWindow([], '#/connect');
    await user.click(await screen.findByRole('button', { name: 'Sign out' }));
    expect(await screen.findByText('Signed out')).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Sign in' })).toBeTruthy();
  });

  it('has a text for the IT department to copy', async () => {
    const { user } = await openWindow(['welcome'], '#/connect');
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(await screen.findByRole('button', { name: 'Show the text' }));
    await user.click(await screen.findByRole('button', { name: 'Copy the text' }));
    expect(write.mock.calls[0]?.[0]).toContain('http://127.0.0.1:9127/redirect');
  });
});

describe('the sample', () => {
  it('starts from the welcome screen, is marked, and leaves nothing', async () => {
    const { user } = await openWindow(['welcome']);
    await user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
    expect(await screen.findByText(/These are sample courses/)).toBeTruthy();
    expect(await screen.findByRole('grid', { name: /^Map/ })).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Leave the sample' }));
    expect(await screen.findByRole('heading', { name: /See how your lectures/ })).toBeTruthy();
  });
});

describe('exporting', () => {
  it('lists what will be written, writes, and says what was', async () => {
    const opened = await openCourse();
    await opened.user.keyboard('{Control>}e{/Control}');
    expect(await screen.findByText('chunked_data.csv')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(true);
    await expectAccessible();
    await opened.user.click(screen.getByRole('button', { name: 'Choose a folder' }));
    await screen.findByText('/home/maya/Documents/Tableau');
    await opened.user.click(screen.getByLabelText('Only some'));
    await opened.user.click(screen.getByLabelText('Writing centre workshops'));
    await opened.user.click(screen.getByLabelText(/pseudonyms/));
    await opened.user.click(screen.getByRole('button', { name: 'Export' }));
    expect(await screen.findByText('81,332 rows, 7.9 MB')).toBeTruthy();
    expect(lastRequest(opened, 'export_run')).toEqual({
      courseIds: app.courses.slice(0, 2).map(({ id }) => id),
      pseudonyms: true,
      formulaGuard: false,
    });
    await opened.user.click(screen.getByRole('button', { name: 'Done' }));

    // From now on in one step.
    await opened.user.keyboard('{Control>}{Shift>}e{/Shift}{/Control}');
    expect(await screen.findByText('3 files written')).toBeTruthy();
    expect(opened.names()).toContain('export_again');
  });

  it('tells in a toast when the sheet was closed meanwhile', async () => {
    const { user } = await openCourse(['exported']);
    await user.keyboard('{Control>}e{/Control}');
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Export' }).hasAttribute('disabled')).toBe(false),
    );
    await user.click(screen.getByRole('button', { name: 'Export' }));
    await user.click(screen.getByRole('button', { name: 'Close' }));
    expect(await screen.findByText('3 files written')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Open folder' })).toBeTruthy();
  });
});

describe('settings', () => {
  it('change at once', async () => {
    const opened = await openWindow([], '#/settings');
    await opened.user.click(await screen.findByLabelText('Dark'));
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
    await opened.user.selectOptions(screen.getByLabelText('Reporting time zone'), 'Asia/Tokyo');
    await waitFor(() => expect(lastRequest(opened, 'settings_set')).toEqual({ timeZone: 'Asia/Tokyo' }));
    const days = screen.getByLabelText('Late records');
    await opened.user.clear(days);
    await opened.user.type(days, '5{Tab}');
    await waitFor(() => expect(lastRequest(opened, 'settings_set')).toEqual({ lookbackDays: 5 }));
  });

  it('copy a diagnostic text and show licences', async () => {
    const { user } = await openWindow([], '#/settings');
    const write = vi.spyOn(navigator.clipboard, 'writeText');
    await user.click(await screen.findByRole('button', { name: 'Copy diagnostic text' }));
    await waitFor(() => expect(write.mock.calls[0]?.[0]).toContain('Keychain: available'));
    await user.click(screen.getByRole('button', { name: 'Show licences' }));
    expect(await screen.findByText('plotters')).toBeTruthy();
    await expectAccessible();
  });
});

describe('the way back', () => {
  it('finds the place again: what was looked for, and the video that was open', async () => {
    const { user } = await openCourse(['many']);
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
    expect(await screen.findByRole('heading', { level: 1, name: 'COMM 290 2021W1' })).toBeTruthy();
  });
});

describe('the whole window', () => {
  it('shows its shortcuts with ?', async () => {
    const { user } = await openCourse();
    await user.keyboard('?');
    expect(await screen.findByRole('dialog', { name: 'Keyboard shortcuts' })).toBeTruthy();
    await expectAccessible();
  });

  it('does what the native menu says', async () => {
    const opened = await openCourse();
    opened.backend.emit('menu', 'settings');
    expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeTruthy();
    opened.backend.emit('menu', 'export');
    expect(await screen.findByRole('dialog', { name: 'Export to Tableau' })).toBeTruthy();
  });

  it('reads again when Rust says that data changed', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'course_overview').length;
    opened.backend.emit('data-changed', []);
    await waitFor(() =>
      expect(opened.names().filter((name) => name === 'course_overview').length).toBeGreaterThan(before),
    );
    expect(opened.names()).toContain('courses_list');
  });

  it('asks to sign in where the server no longer accepts us', async () => {
    const { user } = await openCourse(['signedout']);
    await user.click(screen.getByRole('button', { name: 'Sign in' }));
    expect(await screen.findByRole('heading', { name: 'Connect to Panopto' })).toBeTruthy();
  });
});

// The page of a video second by second: reading out, zooming, its moments and their notes.

import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { app, resetApp } from '../src/lib/app.svelte';
import type {
  ChartRequest,
  SecondsChart,
  VideoCaptions,
  VideoMomentsShown,
  VideoPage,
  VideoRequest,
} from '../src/lib/bindings';
import { between, movedBy, showing, zoomedBy } from '../src/lib/stretch';
import type { Situation } from './program';
import {
  answered,
  byPart,
  expectAccessible,
  lastCall,
  lastRequest,
  openCourse,
  showWindow,
  type Opened,
} from './open';

/** Opens the lecture in which moments are planted, and waits for them. */
async function openLecture(situations: Situation[] = []) {
  const opened = await openCourse(situations);
  const row = [...document.querySelectorAll('[role=row][id]')].find((row) =>
    row.textContent.includes('Energy balance of a street'),
  );
  if (!row) throw new Error('there is no such lecture');
  await opened.user.click(row);
  await screen.findByRole('heading', { level: 2, name: /^Moments/ });
  return opened;
}

const slider = () => screen.getByRole('slider', { name: /by second, read second by second/ });

async function seconds(opened: Opened): Promise<SecondsChart> {
  const { timeline } = await answered<VideoPage>(opened, 'video');
  if (timeline.view !== 'bySecond') throw new Error('not by second');
  return timeline;
}

const moments = (opened: Opened) => answered<VideoMomentsShown>(opened, 'video_moments');
const asked = (opened: Opened) => lastRequest<VideoRequest>(opened, 'video').timeline;
const windowAsked = (opened: Opened) => {
  const timeline = asked(opened);
  return timeline.view === 'bySecond' ? timeline.window : undefined;
};

describe('the timeline by second', () => {
  it('is how a video opens, and by part is remembered', async () => {
    const opened = await openLecture();
    expect(asked(opened).view).toBe('bySecond');
    await expectAccessible();
    await byPart(opened);
    expect(screen.queryByRole('heading', { level: 2, name: /^Moments/ })).toBeNull();
    await waitFor(() =>
      expect(lastCall(opened, 'view_remember')?.view).toMatchObject({ timeline: 'byPart' }),
    );
    const hash = location.hash;
    cleanup();
    resetApp();
    const again = showWindow(opened.program, hash);
    await screen.findByRole('slider', { name: /Average time/ });
    await again.user.click(screen.getByRole('button', { name: 'By second' }));
    await waitFor(() => expect(slider()).toBeTruthy());
  });

  it('reads out the exact second with the words of Rust', async () => {
    const opened = await openLecture();
    const { readings } = await seconds(opened);
    slider().focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}');
    const at = readings[2];
    expect(
      slider()
        .getAttribute('aria-valuetext')
        ?.startsWith(at?.text ?? 'none'),
    ).toBe(true);
    const region = screen.getByRole('region', { name: /by second/ });
    expect(within(region).getByText(at?.label ?? 'none')).toBeTruthy();
    await opened.user.keyboard('{End}');
    expect(
      slider()
        .getAttribute('aria-valuetext')
        ?.startsWith(readings.at(-1)?.text ?? 'none'),
    ).toBe(true);
  });

  it('zooms in with keys, a drag and the wheel, down to 10 s, and back to all', async () => {
    const opened = await openLecture();
    const { durationSecs, chart } = await seconds(opened);
    slider().focus();
    await opened.user.keyboard('+');
    await waitFor(() => {
      const shown = windowAsked(opened);
      expect(shown && shown.toSecs - shown.fromSecs).toBeCloseTo(durationSecs / 2);
    });
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Further' }).hasAttribute('disabled')).toBe(false),
    );
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(windowAsked(opened)).toBeNull());
    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'Further' }).hasAttribute('disabled')).toBe(true),
    );

    const { left, right } = chart.plot;
    const at = (share: number) => ({
      clientX: left + share * (right - left),
      clientY: 60,
      button: 0,
      pointerId: 1,
    });
    await fireEvent.pointerDown(slider(), at(0.25));
    await fireEvent.pointerMove(slider(), at(0.5));
    await fireEvent.pointerUp(slider(), at(0.5));
    await waitFor(() => expect(windowAsked(opened)?.fromSecs).toBeCloseTo(durationSecs / 4));
    expect(windowAsked(opened)?.toSecs).toBeCloseTo(durationSecs / 2);
    // A drag is no click.
    expect(opened.names()).not.toContain('open_in_panopto');

    await waitFor(() =>
      expect(screen.getByRole('button', { name: 'All' }).getAttribute('aria-pressed')).toBe('false'),
    );
    for (let turn = 0; turn < 12; turn += 1) {
      const before = windowAsked(opened);
      await fireEvent.wheel(slider(), { ...at(0.5), deltaY: -400 });
      await waitFor(() =>
        expect(windowAsked(opened) !== before || (before && before.toSecs - before.fromSecs <= 10.001)).toBe(
          true,
        ),
      );
      await waitFor(async () => {
        const shown = windowAsked(opened);
        expect(shown && (await seconds(opened)).window.toSecs).toBeCloseTo(shown?.toSecs ?? 0);
      });
    }
    const nearest = windowAsked(opened);
    expect((nearest?.toSecs ?? 0) - (nearest?.fromSecs ?? 0)).toBeCloseTo(10);
    await opened.user.click(screen.getByRole('button', { name: 'All' }));
    await waitFor(() => expect(windowAsked(opened)).toBeNull());
  });

  it('opens Panopto at the second, by a click and with the key', async () => {
    const opened = await openLecture();
    const { readings, chart } = await seconds(opened);
    const index = Math.floor(readings.length / 2);
    const x = ((chart.points[index]?.left ?? 0) + (chart.points[index]?.right ?? 0)) / 2;
    const at = { clientX: x, clientY: 60, button: 0, pointerId: 1 };
    await fireEvent.pointerDown(slider(), at);
    await fireEvent.pointerUp(slider(), at);
    await waitFor(() => expect(lastCall(opened, 'open_in_panopto')?.atSecs).toBe(readings[index]?.atSecs));
    await waitFor(async () => expect((await opened.program.desktop()).pages).toHaveLength(1));
    slider().focus();
    await opened.user.keyboard('{Home}o');
    await waitFor(() => expect(lastCall(opened, 'open_in_panopto')?.atSecs).toBe(readings[0]?.atSecs));
    await waitFor(async () => expect((await opened.program.desktop()).pages).toHaveLength(2));
    const { pages } = await opened.program.desktop();
    expect(pages[0]).toContain(`&start=${readings[index]?.atSecs}`);
    expect(pages.every((page) => page.startsWith(opened.program.server.replace(/\/$/, '')))).toBe(true);
  });

  it('outlines the usual curve on request, and saves what is on screen', async () => {
    const opened = await openLecture();
    expect(asked(opened)).toMatchObject({ usual: false });
    await opened.user.click(screen.getByRole('button', { name: 'Usual for this course' }));
    await waitFor(() => expect(asked(opened)).toMatchObject({ usual: true }));
    const region = screen.getByRole('region', { name: /by second/ });
    await waitFor(() => expect(region.querySelector('.swatch.usual')).toBeTruthy());
    await opened.program.do('pick', `${opened.program.dir}/seconds.svg`);
    await opened.user.click(within(region).getByRole('button', { name: /by second: more/ }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Save as SVG' }));
    expect(await screen.findByText(/seconds.svg saved/)).toBeTruthy();
    expect(lastRequest<ChartRequest>(opened, 'chart_save')).toMatchObject({
      kind: 'bySecond',
      usual: true,
      window: null,
    });
  });
});

describe('the moments of a video', () => {
  it('are listed under the curve with their evidence, and m goes from one to the next', async () => {
    const opened = await openLecture();
    const shown = await moments(opened);
    expect(shown.moments.length).toBeGreaterThan(0);
    for (const { sentence, place } of shown.moments) {
      expect(screen.getByText(`${sentence}.`)).toBeTruthy();
      expect(screen.getAllByText(place).length).toBeGreaterThan(0);
    }
    const marks = () => screen.getAllByRole('button', { name: /^Moment \d:/ });
    expect(marks()).toHaveLength(shown.moments.length);
    await opened.user.keyboard('m');
    expect(document.querySelector('li.chosen')?.textContent).toContain(shown.moments[0]?.place);
    const { readings } = await seconds(opened);
    const there = readings.findLast(({ atSecs }) => atSecs <= (shown.moments[0]?.openAtSecs ?? 0));
    expect(
      slider()
        .getAttribute('aria-valuetext')
        ?.startsWith(there?.text ?? 'none'),
    ).toBe(true);
    await opened.user.keyboard('{Shift>}M{/Shift}');
    expect(document.querySelector('li.chosen')?.textContent).toContain(shown.moments.at(-1)?.place);
    await opened.user.click(screen.getAllByRole('button', { name: /Open there/ })[0] as HTMLElement);
    await waitFor(() =>
      expect(lastCall(opened, 'open_in_panopto')?.atSecs).toBe(shown.moments[0]?.openAtSecs),
    );
  });

  it('unfold into their captions, which are read out on the curve', async () => {
    const opened = await openLecture();
    const { moments: found } = await moments(opened);
    await waitFor(() => expect(opened.names()).toContain('video_captions'));
    const said = await answered<VideoCaptions>(opened, 'video_captions');
    expect(said.nothing).toBeNull();
    const moment = found[0];
    const line = moment?.captions[1];
    if (!moment?.words || !line) throw new Error('nothing is said there');
    expect(screen.queryByRole('button', { name: `${line.at} ${line.text}` })).toBeNull();
    const fold = screen.getByRole('button', { name: `Captions: “${moment.words}”` });
    expect(fold.getAttribute('aria-expanded')).toBe('false');
    await opened.user.click(fold);
    expect(fold.getAttribute('aria-expanded')).toBe('true');
    const row = fold.closest('li');
    if (!row) throw new Error('the moment has no row');
    const lines = within(within(row).getByRole('list'));
    expect(lines.getAllByRole('listitem')).toHaveLength(moment.captions.length);
    await expectAccessible();
    await opened.user.click(lines.getByRole('button', { name: `${line.at} ${line.text}` }));
    await waitFor(() => expect(slider().getAttribute('aria-valuenow')).toBe(String(line.atSecs)));
    const here = said.said.find(({ fromSecs, toSecs }) => fromSecs <= line.atSecs && line.atSecs < toSecs);
    const region = screen.getByRole('region', { name: /by second/ });
    expect(within(region).getByText(`“${here?.text ?? 'nothing'}”`)).toBeTruthy();
    expect(slider().getAttribute('aria-valuetext')).toContain(here?.text);
    await opened.user.click(fold);
    expect(within(row).queryByRole('list')).toBeNull();
  });

  it('say once why there are no words', async () => {
    const opened = await openLecture();
    await waitFor(() => expect(opened.names()).toContain('video_captions'));
    const courses = join(opened.program.data, 'database');
    for (const course of readdirSync(courses)) {
      rmSync(join(courses, course, 'captions'), { recursive: true, force: true });
    }
    app.dataVersion += 1;
    expect(await screen.findByText('The words come when you are online.')).toBeTruthy();
    await waitFor(() => expect(screen.queryByRole('button', { name: /^Captions:/ })).toBeNull());
    expect(screen.getAllByText('The words come when you are online.')).toHaveLength(1);
  });

  it('take a tag and a note, which can be undone', async () => {
    const opened = await openLecture();
    await opened.user.selectOptions(screen.getByLabelText('Tag of moment ①'), 'Confusing');
    // Its message is dismissed, so that only the note's message remains afterwards.
    await screen.findByRole('button', { name: 'Undo' });
    await opened.user.click(screen.getAllByRole('button', { name: 'Dismiss' }).at(-1) as HTMLElement);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Undo' })).toBeNull());
    await waitFor(async () => expect((await moments(opened)).moments[0]?.note?.tag).toBe('confusing'));
    const note = screen.getByLabelText('Note on moment ①');
    await opened.user.type(note, 'm is a letter here{Enter}');
    await waitFor(async () =>
      expect((await moments(opened)).moments[0]?.note).toEqual({
        tag: 'confusing',
        text: 'm is a letter here',
      }),
    );
    await opened.user.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(async () =>
      expect((await moments(opened)).moments[0]?.note).toEqual({ tag: 'confusing', text: '' }),
    );
    await waitFor(() => expect((note as HTMLInputElement).value).toBe(''));
    await expectAccessible();
  });

  it('are shown even if the notes are damaged, which is reported', async () => {
    const opened = await openCourse();
    writeFileSync(`${opened.program.data}/notes.csv`, 'SessionId,Kind\nnonsense');
    const row = [...document.querySelectorAll('[role=row][id]')].find((row) =>
      row.textContent.includes('Energy balance of a street'),
    );
    await opened.user.click(row as Element);
    await screen.findByRole('heading', { level: 2, name: /^Moments/ });
    const { notesError } = await moments(opened);
    expect(screen.getByText(new RegExp(notesError?.message.slice(0, 20) ?? 'none'))).toBeTruthy();
    expect(screen.getByLabelText('Note on moment ①').hasAttribute('disabled')).toBe(true);
  });

  it('are not searched for among too few viewers', async () => {
    const opened = await openCourse(['oneViewer']);
    const row = document.querySelectorAll('[role=row][id]')[0];
    await opened.user.click(row as Element);
    await screen.findByRole('heading', { level: 2, name: /^Moments/ });
    const { nothing } = await moments(opened);
    expect(nothing).toBeTruthy();
    expect(screen.getByText(`${nothing}.`)).toBeTruthy();
  });

  it('are marked on the map, and named in its tip', async () => {
    const opened = await openCourse();
    await waitFor(() => expect(document.querySelectorAll('.strip .moment').length).toBeGreaterThan(0));
    const { cells } = (await opened.program.invoke('map_moments', lastCall(opened, 'map_moments') ?? {})) as {
      cells: Record<string, number[]>;
    };
    const marked = [...document.querySelectorAll('.strip')].filter((strip) => strip.querySelector('.moment'));
    expect(marked.every((strip) => /with a moment$/.test(strip.getAttribute('aria-label') ?? ''))).toBe(true);
    expect(Object.values(cells).flat().length).toBeGreaterThanOrEqual(
      document.querySelectorAll('.strip .moment').length,
    );
    await expectAccessible();
  });
});

describe('a window on a video', () => {
  it('lies within the video and is never too narrow', () => {
    expect(between(100, 40, 600)).toEqual({ fromSecs: 40, toSecs: 100 });
    expect(between(100, 101, 600)).toEqual({ fromSecs: 95.5, toSecs: 105.5 });
    expect(between(595, 600, 600)).toEqual({ fromSecs: 590, toSecs: 600 });
    const shown = { fromSecs: 100, toSecs: 200 };
    expect(zoomedBy(shown, 0.5, 125, 600)).toEqual({ fromSecs: 112.5, toSecs: 162.5 });
    expect(zoomedBy(shown, 20, 125, 600)).toBeNull();
    expect(movedBy(shown, -500, 600)).toEqual({ fromSecs: 0, toSecs: 100 });
    expect(showing(shown, 150, 600)).toEqual(shown);
    expect(showing(shown, 250, 600)).toEqual({ fromSecs: 160, toSecs: 260 });
    expect(showing(shown, 50, 600)).toEqual({ fromSecs: 40, toSecs: 140 });
    expect(between(0, 8, 8)).toBeNull();
    expect(app.usual).toBe(false);
  });
});

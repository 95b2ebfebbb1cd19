// Choices made on a page are restored at the next start, and move on with the data.

import { cleanup, screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { app, resetApp } from '../src/lib/app.svelte';
import { covers } from '../src/lib/axis';
import type { AppState, Chart, CourseOverview, OverviewRequest, RangeState } from '../src/lib/bindings';
import type { Transport } from '../src/lib/ipc';
import { lastCall, lastRequest, openCourse, showWindow, type Opened } from './open';

type View = AppState['view'];
const kept = (opened: Opened) => lastCall(opened, 'view_remember')?.view as View | undefined;
const asked = (opened: Opened) => lastRequest<OverviewRequest>(opened, 'course_overview').range;
const courseId = () => app.courses[0]?.id ?? '';

/** Reloads the page: only what the program has remembered is left. */
function startAgain({ program }: Opened, through: Transport = program) {
  cleanup();
  resetApp();
  location.hash = '';
  return showWindow(program, '', through);
}

/** The same program with data up to a different day. */
const withData = (program: Transport, change: (range: RangeState) => Partial<RangeState>): Transport => ({
  ...program,
  async invoke(command, args) {
    const answer = await program.invoke(command, args);
    if (command !== 'course_overview') return answer;
    const overview = answer as CourseOverview;
    return { ...overview, range: { ...overview.range, ...change(overview.range) } };
  },
});

describe('the chosen days of a course', () => {
  it('are restored at the next start, for this course alone', async () => {
    const opened = await openCourse();
    app.days.set(courseId(), { from: '2025-10-01', to: '2025-10-15' });
    await waitFor(() =>
      expect(kept(opened)?.ranges).toEqual({
        [courseId()]: { preset: null, range: { from: '2025-10-01', to: '2025-10-15' } },
      }),
    );
    const again = startAgain(opened);
    await screen.findByRole('grid', { name: /^Map/ });
    expect(asked(again)).toEqual({ from: '2025-10-01', to: '2025-10-15' });
    expect(app.days.of(app.courses[1]?.id ?? '')).toBeNull();
    // All dates is not a choice to keep.
    app.days.set(courseId(), null);
    await waitFor(() => expect(kept(again)?.ranges).toEqual({}));
  });

  it('are kept once a drag is over, not at each of its steps', async () => {
    const opened = await openCourse();
    const before = opened.names().filter((name) => name === 'view_remember').length;
    for (let day = 10; day < 30; day += 1)
      app.days.set(courseId(), { from: '2025-10-01', to: `2025-10-${day}` });
    await waitFor(() => expect(kept(opened)?.ranges[courseId()]?.range.to).toBe('2025-10-29'));
    expect(opened.names().filter((name) => name === 'view_remember').length).toBe(before + 1);
  });

  it('stay the last seven as data arrive', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'Last 7 days' }));
    await waitFor(() => expect(kept(opened)?.ranges[courseId()]?.preset).toBe('last7'));
    const later = { from: '2025-12-14', to: '2025-12-20' };
    const further = withData(opened.program, ({ presets }) => ({
      until: later.to,
      presets: presets.map((preset) => (preset.id === 'last7' ? { ...preset, range: later } : preset)),
    }));
    const again = startAgain(opened, further);
    await waitFor(() => expect(asked(again)).toEqual(later));
    await waitFor(() => expect(kept(again)?.ranges[courseId()]).toEqual({ preset: 'last7', range: later }));
    expect(screen.getByRole('button', { name: 'Last 7 days' }).getAttribute('aria-pressed')).toBe('true');
  });

  it('are all dates again if the data no longer contain them', async () => {
    const opened = await openCourse();
    const view = app.state?.view as View;
    const gone = { preset: null, range: { from: '2019-01-01', to: '2019-02-01' } };
    await opened.program.invoke('view_remember', { view: { ...view, ranges: { [courseId()]: gone } } });
    const again = startAgain(opened);
    await screen.findByRole('grid', { name: /^Map/ });
    await waitFor(() => expect(asked(again)).toBeNull());
    await waitFor(() => expect(kept(again)?.ranges).toEqual({}));
    expect(screen.getByRole('button', { name: 'All dates' }).getAttribute('aria-pressed')).toBe('true');
  });
});

describe('the order of the table', () => {
  it('is restored at the next start', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('tab', { name: 'Table' }));
    await opened.user.click(screen.getByRole('button', { name: /^Watch time/ }));
    await waitFor(() => expect(kept(opened)?.tableSort).toEqual({ key: 'watchTime', up: false }));
    startAgain(opened);
    const head = await screen.findByRole('columnheader', { name: /Watch time/ });
    expect(head.getAttribute('aria-sort')).toBe('descending');
  });
});

describe('a chart across time', () => {
  const days = (from: string, to: string) => ({ from, to });
  const chart = (from: string, to: string) => ({ points: [{ days: days(from, to) }] }) as unknown as Chart;
  const known = (until: string) =>
    ({ domain: days('2020-09-08', '2020-11-22'), until, presets: [] }) as unknown as RangeState;

  it.each([
    ['all dates', null, true],
    ['days within it', days('2025-10-01', '2025-10-02'), true],
    ['a term that ends after the data', days('2020-09-08', '2020-12-31'), true],
    ['a term that begins before them', days('2020-09-01', '2020-12-31'), false],
  ])('of the whole course is drawn anew for what it does not show: %s', (_, range, shown) => {
    expect(covers(chart('2020-09-08', '2020-11-22'), known('2020-11-22'), range)).toBe(shown);
  });

  it('that reaches further is redrawn only for all dates', () => {
    const further = chart('2020-09-01', '2023-01-31');
    expect(covers(further, known('2023-01-31'), days('2023-01-25', '2023-01-31'))).toBe(true);
    expect(covers(further, known('2023-01-31'), null)).toBe(false);
    expect(
      covers(chart('2020-09-08', '2020-11-22'), known('2023-01-31'), days('2023-01-25', '2023-01-31')),
    ).toBe(false);
  });
});

// Choices with bounds and long lists: look-back days, the courses of an export, paths, the position of the date range.

import { render, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import Path from '../src/parts/Path.svelte';
import { expectAccessible, openVideo, openCourse, openWindow, SECOND } from './open';

type Opened = Awaited<ReturnType<typeof openWindow>>;
const requests = ({ program }: Opened, command: string) =>
  program.calls.filter((call) => call.command === command).map(({ args }) => args.request);

describe('look-back days', () => {
  it('stay within what the engine accepts', async () => {
    const opened = await openWindow([], '#/settings');
    const days = (await screen.findByLabelText('Late records')) as HTMLInputElement;
    const set = async (text: string) => {
      await opened.user.clear(days);
      await opened.user.type(days, `${text}{Tab}`);
      return days.value;
    };
    expect(days.max).toBe('365');
    expect(await set('400')).toBe('365');
    await waitFor(() => expect(requests(opened, 'settings_set')).toEqual([{ lookbackDays: 365 }]));
    // Its answer goes into the field, and not between characters typed later.
    await waitFor(() => expect(opened.program.unanswered).toBe(0));
    expect(await set('-3')).toBe('0');
    await waitFor(() => expect(requests(opened, 'settings_set')).toHaveLength(2));
    await waitFor(() => expect(opened.program.unanswered).toBe(0));
    // When emptied, the old number comes back, and nothing is sent.
    await opened.user.clear(days);
    await opened.user.tab();
    expect(days.value).toBe('0');
    expect(requests(opened, 'settings_set')).toHaveLength(2);
  });
});

describe('a data folder that is not there yet', () => {
  it('cannot be opened, and says why', async () => {
    await openWindow(['noCourses'], '#/settings');
    const open = await screen.findByRole('button', { name: 'Open folder' });
    expect(open.hasAttribute('disabled')).toBe(true);
    const why = document.getElementById(open.getAttribute('aria-describedby') ?? '');
    expect(why?.textContent).toContain('made when you add the first course');
  });
});

describe('the courses of an export', () => {
  it('are chosen one by one, all or none, of sixty', async () => {
    const { user } = await openCourse(['manyCourses', 'exported']);
    await user.keyboard('{Control>}e{/Control}');
    await user.click(await screen.findByLabelText('Only some'));
    const sheet = within(document.querySelector('dialog') as HTMLElement);
    expect(sheet.getByText('60 of 60 chosen')).toBeTruthy();
    const start = sheet.getByText('Export');
    await waitFor(() => expect(start.hasAttribute('disabled')).toBe(false));
    await user.click(sheet.getByText('Choose none'));
    expect(sheet.getByText('0 of 60 chosen')).toBeTruthy();
    expect(start.hasAttribute('disabled')).toBe(true);
    await user.click(sheet.getByText(SECOND));
    expect(sheet.getByText('1 of 60 chosen')).toBeTruthy();
    await user.click(sheet.getByText('Choose all'));
    expect(sheet.getByText('60 of 60 chosen')).toBeTruthy();
    await expectAccessible();
  });
});

describe('a path', () => {
  it.each([
    '/home/anna/Documents/Teaching/2026/Winter term/Geography/Tableau',
    'C:\\Users\\anna\\Documents\\Teaching\\2026\\Winter term\\Geography\\Tableau',
    '/home/anna/Documents/Teaching/2026/Winter term/Geography/Tableau/',
  ])('keeps its end: %s', (path) => {
    const { container } = render(Path, { path });
    expect(container.querySelector('.end')?.textContent).toMatch(/^[/\\]Tableau\/?$/);
    // Nothing is lost: the whole path can be copied, is read out, and is in the tip.
    expect(container.textContent.trim()).toBe(path);
    expect(container.querySelector<HTMLElement>('[data-tip]')?.dataset.tip).toBe(path);
  });

  it('is left alone if it is short or has no folders', () => {
    for (const path of ['/home/anna', 'x'.repeat(80)]) {
      const { container } = render(Path, { path });
      expect(container.querySelector('.end')).toBeNull();
      expect(container.textContent.trim()).toBe(path);
    }
  });
});

describe('the ready-made date ranges', () => {
  it('stand under the plot, from its left edge to its right one', async () => {
    const opened = await openVideo();
    const { timeFrame } = requests(opened, 'video').at(0) as { timeFrame: { width: number } };
    const plot = screen.getByRole('slider', { name: /Viewers across time/ });
    const row = screen.getByRole('group', { name: 'Ready-made date ranges' });
    expect(row.style.paddingLeft).toBe(plot.style.left);
    const right = parseFloat(plot.style.left) + parseFloat(plot.style.width);
    expect(parseFloat(row.style.paddingRight)).toBeCloseTo(timeFrame.width - right, 6);
  });
});

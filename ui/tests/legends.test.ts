// Legends look like the marks they explain, and show the numbers of their colours.

import { render, screen } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import ColourLegend from '../src/parts/ColourLegend.svelte';
import Swatch from '../src/parts/Swatch.svelte';
import { openCourse, openVideo } from './open';

/** Width of the line of each swatch; 0 is a bar. */
const lines = (root: ParentNode) =>
  [...root.querySelectorAll('svg.swatch')].map((svg) =>
    svg.querySelector('.under') ? Number(svg.querySelector('.mark')?.getAttribute('height')) : 0,
  );

describe('swatches', () => {
  it('are a line over its area, or a bar', () => {
    expect(lines(render(Swatch, { hue: 'reached', line: 2 }).container)).toEqual([2]);
    expect(lines(render(Swatch, { hue: 'time' }).container)).toEqual([0]);
  });

  it('of the timelines are thin lines, as the timelines are', async () => {
    const { user } = await openCourse();
    await user.click(screen.getByRole('tab', { name: 'Timelines' }));
    await screen.findByText('Reached the part');
    expect(lines(document)).toEqual([1, 1]);
  });

  it('of the chart of a video are lines of its width', async () => {
    await openVideo();
    expect(lines(document)).toEqual([2, 2]);
  });
});

describe('a scale of colours', () => {
  const ticks = (container: HTMLElement) =>
    [...container.querySelectorAll<HTMLElement>('.ticks span')].map(({ style, textContent }) => [
      textContent,
      style.left,
      style.transform,
    ]);
  const counted = {
    name: 'Times',
    formula: '',
    range: '',
    freshness: '',
    caveat: null,
    showsCoverage: false,
  };
  const legend = (colours: string[], ticks: { place: number; text: string }[]) =>
    render(ColourLegend, {
      scale: { label: 'Times', colours, lightText: colours.map(() => false), ticks, explanation: counted },
    }).container;

  it('has a number centred under each border of its steps, `or more` behind the last', () => {
    const container = legend(
      ['#eee', '#ddd', '#aaa', '#777', '#444'],
      ['0', '0.9', '1.1', '2 or more'].map((text, index) => ({ place: index / 4, text })),
    );
    expect(ticks(container)).toEqual([
      ['0', '0%', 'translateX(0)'],
      ['0.9', '25%', 'translateX(-1.5ch)'],
      ['1.1', '50%', 'translateX(-1.5ch)'],
      ['2 or more', '75%', 'translateX(-0.5ch)'],
    ]);
    expect(container.querySelector('.stepped')).not.toBeNull();
    expect(container.querySelector('[role=img]')?.getAttribute('aria-label')).toBe(
      'Times: 0, 0.9, 1.1, 2 or more',
    );
  });

  it('that is even ends with its last number and centres the others', () => {
    const container = legend(
      ['#eee', '#ddd', '#aaa'],
      ['0 %', '50 %', '100 %'].map((text, index) => ({ place: index / 2, text })),
    );
    expect(ticks(container).map(([, , transform]) => transform)).toEqual([
      'translateX(0)',
      'translateX(-50%)',
      'translateX(-100%)',
    ]);
    expect(container.querySelector('.stepped')).toBeNull();
  });
});

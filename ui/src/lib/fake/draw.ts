// Plain drawings in the shape the `charts` crate sends. Only for the fake.

import type { Chart, ChartPoint, ChartSeries, Frame, PlotArea, Theme } from '../bindings/dto';
import type { Figure } from '../bindings/dto';
import { clock, count, dayText, iso, isFirstOfMonth, monthText, none, span } from './format';
import type { VideoNumbers } from './figures';
import { CHUNKS, type FakeCourse, type FakeVideo } from './world';

const INK: Record<
  Theme,
  {
    line: string;
    text: string;
    reached: string;
    covered: string;
    time: string;
    reachedArea: string;
    coveredArea: string;
  }
> = {
  light: {
    line: '#e6e7e8',
    text: '#5b6068',
    reached: '#3f6fa5',
    covered: '#c8442a',
    time: '#3a8f94',
    reachedArea: '#dbe6f1',
    coveredArea: '#b4cae2',
  },
  dark: {
    line: '#2a2c2f',
    text: '#a3a8af',
    reached: '#7aa6d8',
    covered: '#fb8567',
    time: '#4ba3a6',
    reachedArea: '#253a53',
    coveredArea: '#34557a',
  },
};

const LIGHT_SCALE =
  'c1eade b3e3d8 a5dbd3 96d4cd 88ccc9 7ac4c5 6cbcc1 5fb4bd 52abb9 46a2b5 3b9ab1 3191ad 2988a8 237fa3 1e759d 1c6c97 1c6390 1d5a89 1e5181 1f4979';
const DARK_SCALE =
  '153255 15395d 154064 14486c 134f73 11577a 0f5f81 0d6788 0b6f8e 0b7794 0e7f99 13879e 1a8fa3 2297a8 2b9fac 35a7b0 3fafb4 4ab7b8 56bfbb 61c6bf';

/** Least to most; the first means none. */
export const scaleColours = (theme: Theme): string[] =>
  [theme === 'light' ? 'eceded' : '232528', ...(theme === 'light' ? LIGHT_SCALE : DARK_SCALE).split(' ')].map(
    (hex) => `#${hex}`,
  );

/** Whether text on a colour is white: wherever that has a contrast of 4.5. */
export function wantsLightText(hex: string): boolean {
  const linear = [1, 3, 5].map((at) => {
    const share = parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
  return 1.05 / (luminance + 0.05) >= 4.5;
}

/** The index of a share of the largest in those colours. */
export const shade = (share: number) => (share <= 0 ? 0 : 1 + Math.min(19, Math.floor(share * 20)));

/** A step that gives two to five whole-numbered ticks. */
function niceStep(highest: number): number {
  for (let scale = 1; ; scale *= 10) {
    for (const step of [1, 2, 5]) if (highest / (step * scale) <= 4) return step * scale;
  }
}

const extent = (values: number[]) => `${Math.min(...values)} to ${Math.max(...values)} viewers`;

interface Canvas {
  frame: Frame;
  plot: PlotArea;
  theme: Theme;
  parts: string[];
}

function canvas(frame: Frame, theme: Theme, highest: number, label: (value: number) => string): Canvas {
  const plot = { left: 64, top: 8, right: frame.width - 26, bottom: frame.height - 22 };
  const ink = INK[theme];
  const parts: string[] = [];
  const step = niceStep(highest);
  for (let value = 0; value <= highest; value += step) {
    const y = plot.bottom - (value / highest) * (plot.bottom - plot.top);
    parts.push(
      `<line x1="${plot.left}" x2="${plot.right}" y1="${y}" y2="${y}" stroke="${ink.line}"/>`,
      `<text x="${plot.left - 12}" y="${y + 4}" text-anchor="end" font-size="11" fill="${ink.text}">${label(value)}</text>`,
    );
  }
  return { frame, plot, theme, parts };
}

const finish = ({ frame, parts }: Canvas) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${frame.width}" height="${frame.height}" viewBox="0 0 ${frame.width} ${frame.height}">${parts.join('')}</svg>`;

export function timeChart(course: FakeCourse, days: number[], frame: Frame, theme: Theme): Chart {
  const highest = Math.max(1, ...days);
  const page = canvas(frame, theme, highest * 1.08, (value) => count(Math.round(value)).text);
  const { plot } = page;
  const width = (plot.right - plot.left) / days.length;
  const points = days.map((value, index): ChartPoint => {
    const day = course.firstDay + index;
    const left = plot.left + index * width;
    const top = plot.bottom - (value / (highest * 1.08)) * (plot.bottom - plot.top);
    if (value > 0) {
      const gap = width > 6 ? 1 : 0;
      page.parts.push(
        `<rect x="${left + gap / 2}" y="${top}" width="${width - gap}" height="${plot.bottom - top}" fill="${INK[theme].reached}"/>`,
      );
    }
    if (index === 0 || isFirstOfMonth(day)) {
      page.parts.push(
        `<text x="${left}" y="${frame.height - 6}" font-size="11" fill="${INK[theme].text}">${index === 0 ? dayText(day, false).replace(/^\w+ /, '') : monthText(day)}</text>`,
      );
    }
    return {
      left,
      right: left + width,
      label: dayText(day),
      days: { from: iso(day), to: iso(day) },
      values: [count(value)],
      tops: [top],
    };
  });
  const peak = days.indexOf(Math.max(...days));
  return {
    kind: 'time',
    title: 'Viewers across time',
    subtitle: null,
    svg: finish(page),
    frame,
    plot,
    positionLabel: 'Day',
    series: [{ label: 'Viewers', hue: 'reached', extent: extent(days) }],
    points,
    summary: `Highest on ${dayText(course.firstDay + Math.max(0, peak))} with ${days[peak] ?? 0} viewers`,
    empty: days.some((value) => value > 0) ? null : 'Nobody has watched yet',
  };
}

function area(page: Canvas, values: number[], highest: number, colour: string, fill: string): number[] {
  const { plot, parts } = page;
  const width = (plot.right - plot.left) / CHUNKS;
  const tops = values.map((value) => plot.bottom - (value / highest) * (plot.bottom - plot.top));
  const steps = tops.map(
    (top, chunk) => `${plot.left + chunk * width},${top} ${plot.left + (chunk + 1) * width},${top}`,
  );
  parts.push(
    `<polygon points="${plot.left},${plot.bottom} ${steps.join(' ')} ${plot.right},${plot.bottom}" fill="${fill}"/>`,
    `<polyline points="${steps.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
  );
  return tops;
}

function chunkAxis(page: Canvas, durationSecs: number): void {
  const { plot, parts, frame, theme } = page;
  const every = plot.right - plot.left > 700 ? 2 : plot.right - plot.left > 380 ? 4 : 10;
  for (let chunk = 0; chunk <= CHUNKS; chunk += 1) {
    const x = plot.left + (chunk / CHUNKS) * (plot.right - plot.left);
    parts.push(
      `<line x1="${x}" x2="${x}" y1="${plot.bottom}" y2="${plot.bottom + 4}" stroke="${INK[theme].line}"/>`,
    );
    if (chunk % every) continue;
    const anchor = chunk === 0 ? 'start' : chunk === CHUNKS ? 'end' : 'middle';
    parts.push(
      `<text x="${x}" y="${frame.height - 6}" text-anchor="${anchor}" font-size="11" fill="${INK[theme].text}">${clock((durationSecs * chunk) / CHUNKS)}</text>`,
    );
  }
}

const partText = (durationSecs: number, chunk: number) =>
  `${clock((durationSecs * chunk) / CHUNKS)} – ${clock((durationSecs * (chunk + 1)) / CHUNKS)}`;

export { partText };

function chunkPoints(
  page: Canvas,
  durationSecs: number,
  columns: { values: Figure[]; tops: number[] }[],
): ChartPoint[] {
  const width = (page.plot.right - page.plot.left) / CHUNKS;
  return Array.from({ length: CHUNKS }, (_, chunk) => ({
    left: page.plot.left + chunk * width,
    right: page.plot.left + (chunk + 1) * width,
    label: partText(durationSecs, chunk),
    days: null,
    values: columns.map(({ values }) => values[chunk] ?? none),
    tops: columns.map(({ tops }) => tops[chunk] ?? page.plot.bottom),
  }));
}

export function timelineChart(video: FakeVideo, numbers: VideoNumbers, frame: Frame, theme: Theme): Chart {
  const durationSecs = video.durationSecs ?? 0;
  const highest = Math.max(1, ...numbers.reached) * 1.08;
  const page = canvas(frame, theme, highest, (value) => count(Math.round(value)).text);
  const reached = area(page, numbers.reached, highest, INK[theme].reached, INK[theme].reachedArea);
  const covered = area(page, numbers.chunkCovered, highest, INK[theme].covered, INK[theme].coveredArea);
  chunkAxis(page, durationSecs);
  const series: ChartSeries[] = [
    { label: 'Reached the chunk', hue: 'reached', extent: extent(numbers.reached) },
    { label: 'Covered at least 75 % of the chunk', hue: 'covered', extent: extent(numbers.chunkCovered) },
  ];
  return {
    kind: 'timeline',
    title: 'Viewers across the timeline',
    subtitle: `chunk length ${clock(durationSecs / CHUNKS)}`,
    svg: finish(page),
    frame,
    plot: page.plot,
    positionLabel: 'Part of the video',
    series,
    points: chunkPoints(page, durationSecs, [
      { values: numbers.reached.map(count), tops: reached },
      { values: numbers.chunkCovered.map(count), tops: covered },
    ]),
    summary: `Starts with ${numbers.reached[0]} viewers and ends with ${numbers.reached[CHUNKS - 1]}`,
    empty: video.durationSecs
      ? numbers.viewers > 0
        ? null
        : 'Nobody watched on these dates'
      : 'Panopto gives no length for this video, so it has no timeline',
  };
}

export function averageTimeChart(video: FakeVideo, numbers: VideoNumbers, frame: Frame, theme: Theme): Chart {
  const durationSecs = video.durationSecs ?? 0;
  const highest = Math.max(1, ...numbers.averageSecs) * 1.08;
  const page = canvas(frame, theme, highest, clock);
  const width = (page.plot.right - page.plot.left) / CHUNKS;
  const tops = numbers.averageSecs.map((secs, chunk) => {
    const top = page.plot.bottom - (secs / highest) * (page.plot.bottom - page.plot.top);
    if (secs > 0) {
      page.parts.push(
        `<rect x="${page.plot.left + chunk * width + 1}" y="${top}" width="${width - 2}" height="${page.plot.bottom - top}" fill="${INK[theme].time}"/>`,
      );
    }
    return top;
  });
  chunkAxis(page, durationSecs);
  return {
    kind: 'averageTime',
    title: 'Average time per viewer',
    subtitle: 'of those who reached the chunk',
    svg: finish(page),
    frame,
    plot: page.plot,
    positionLabel: 'Part of the video',
    series: [
      {
        label: 'Average time per viewer',
        hue: 'time',
        extent: `${clock(Math.min(...numbers.averageSecs))} to ${clock(Math.max(...numbers.averageSecs))}`,
      },
    ],
    points: chunkPoints(page, durationSecs, [{ values: numbers.averageSecs.map(span), tops }]),
    summary: `Longest ${clock(Math.max(...numbers.averageSecs))} per viewer`,
    empty: video.durationSecs
      ? numbers.viewers > 0
        ? null
        : 'Nobody watched on these dates'
      : 'Panopto gives no length for this video, so it has no timeline',
  };
}

export function smallTimeline(numbers: VideoNumbers, highest: number, frame: Frame, theme: Theme): string {
  if (numbers.viewers === 0) return '';
  const page: Canvas = {
    frame,
    theme,
    plot: { left: 0, top: 2, right: frame.width, bottom: frame.height },
    parts: [],
  };
  area(page, numbers.reached, highest, INK[theme].reached, INK[theme].reachedArea);
  area(page, numbers.chunkCovered, highest, INK[theme].covered, INK[theme].coveredArea);
  return finish(page);
}

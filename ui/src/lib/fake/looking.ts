// Answers of the fake about courses and videos: `course_overview`, `map_row`, `timelines`, `video`.

import type {
  ColourScale,
  CourseOverview,
  CourseSummary,
  DateRange,
  Explanation,
  Figure,
  HeatMeasure,
  MapRowDetail,
  OverviewRequest,
  RangeState,
  Timelines,
  TimelinesRequest,
  TopVideo,
  VideoPage,
  VideoRequest,
  VideoRow,
} from '../bindings/dto';
import {
  averageTimeChart,
  partText,
  scaleColours,
  shade,
  wantsLightText,
  smallTimeline,
  timeChart,
  timelineChart,
} from './draw';
import { courseViewers, perDay, videoNumbers, type VideoNumbers } from './figures';
import { clock, count, dayOf, dayText, iso, none, percent, plural, span } from './format';
import { CHUNKS, type FakeCourse, type FakeVideo } from './world';

const FRESH = 'Data up to Sun 22 Nov 2020, synced Mon 23 Nov 2020, 08:15';

function rangeText(range: DateRange | null): string {
  if (!range) return 'all dates';
  const from = dayOf(range.from);
  const to = dayOf(range.to);
  return from === to ? dayText(from) : `${dayText(from, false)} – ${dayText(to)}`;
}

function rangeState(course: FakeCourse, range: DateRange | null): RangeState {
  const last = course.lastDay;
  const back = (days: number) => ({ from: iso(last - days + 1), to: iso(last) });
  return {
    range,
    text: rangeText(range),
    domain: { from: iso(course.firstDay), to: iso(last) },
    until: iso(last),
    presets: [
      { id: 'all', label: 'All dates', range: null },
      { id: 'last7', label: 'Last 7 days', range: back(7) },
      { id: 'last28', label: 'Last 28 days', range: back(28) },
      { id: 'term', label: 'This term', range: { from: '2020-09-01', to: '2020-12-31' } },
    ],
  };
}

const explain = (formula: string, range: DateRange | null, caveat: string | null = null): Explanation => ({
  formula,
  range: range ? `Counted over ${rangeText(range)}` : 'Counted over all dates',
  freshness: FRESH,
  caveat,
});

const FORMULAS: Record<string, string> = {
  duration: 'The length Panopto gives for the video.',
  viewers: 'Different viewers with at least one viewing record of the video.',
  covered:
    'Viewers whose watched parts together are at least 75 % of the video. What is watched twice counts once.',
  coveredShare: 'Viewers who covered at least 75 % of the video, divided by all its viewers.',
  watchTime: 'All time spent in the video by all viewers. What is watched twice counts twice.',
  typical: 'The median of what its viewers covered of the video: half of them covered more, half less.',
};

const heatValue: Record<HeatMeasure, (numbers: VideoNumbers) => number> = {
  viewers: (numbers) => numbers.viewers,
  coveredShare: (numbers) => (numbers.viewers ? numbers.covered / numbers.viewers : 0),
  watchTime: (numbers) => numbers.watchSecs,
};

/** Where the colours of times watched change. */
const TIMES = [0.5, 0.9, 1.1, 1.5];

function scale(
  request: OverviewRequest,
  label: string,
  ticks: ColourScale['ticks'],
  kept: number[] | null = null,
): ColourScale {
  const all = scaleColours(request.theme);
  const colours = kept ? kept.map((index) => all[index] ?? '') : all;
  return { label, colours, lightText: colours.map(wantsLightText), ticks };
}

export function overview(
  course: FakeCourse,
  summary: CourseSummary,
  request: OverviewRequest,
): CourseOverview {
  const numbers = course.videos.map((video) => videoNumbers(video, request.range));
  const measure = heatValue[request.heatMeasure];
  const highest = Math.max(...numbers.map(measure), 0);
  const heatFigure: Record<HeatMeasure, (of: VideoNumbers) => Figure> = {
    viewers: (of) => count(of.viewers),
    coveredShare: (of) => percent(of.covered, of.viewers),
    watchTime: (of) => span(of.watchSecs),
  };
  const mapShade = (value: number) =>
    request.mapMeasure !== 'rewatched'
      ? shade(value)
      : value > 0
        ? 1 + TIMES.filter((border) => border <= value).length
        : 0;
  const videos = course.videos.map((video, index): VideoRow => {
    const of = numbers[index] as VideoNumbers;
    const chunkSecs = (video.durationSecs ?? 0) / CHUNKS;
    const cell = {
      reached: (chunk: number) => (of.viewers ? (of.reached[chunk] ?? 0) / of.viewers : 0),
      covered: (chunk: number) => (of.viewers ? (of.chunkCovered[chunk] ?? 0) / of.viewers : 0),
      rewatched: (chunk: number) => (chunkSecs ? (of.averageSecs[chunk] ?? 0) / chunkSecs : 0),
    }[request.mapMeasure];
    return {
      sessionId: video.id,
      order: index + 1,
      name: video.name,
      folder: video.folder,
      duration: video.durationSecs ? { value: video.durationSecs, text: clock(video.durationSecs) } : none,
      viewers: count(of.viewers),
      viewersText: plural(of.viewers, 'viewer'),
      covered: video.durationSecs ? count(of.covered) : none,
      coveredShare: video.durationSecs ? percent(of.covered, of.viewers) : none,
      watchTime: span(of.watchSecs),
      typical: of.typical === null ? none : percent(of.typical, 1),
      cells: video.durationSecs ? Array.from({ length: CHUNKS }, (_, chunk) => mapShade(cell(chunk))) : [],
      heat: shade(highest ? measure(of) / highest : 0),
      heatFigure: heatFigure[request.heatMeasure](of),
    };
  });
  const top = (figure: (row: VideoRow) => Figure, whole?: number): TopVideo[] => {
    const ranked = videos
      .filter((row) => figure(row).value)
      .sort((a, b) => (figure(b).value ?? 0) - (figure(a).value ?? 0))
      .slice(0, 5);
    const full = whole ?? (ranked[0] ? (figure(ranked[0]).value ?? 1) : 1);
    return ranked.map((row) => ({
      sessionId: row.sessionId,
      name: row.name,
      figure: figure(row),
      share: (figure(row).value ?? 0) / full,
    }));
  };
  const mapLabel = {
    reached: 'Share of the video’s viewers who reached the chunk',
    covered: 'Share of the video’s viewers who covered at least 75 % of the chunk',
    rewatched: 'Times watched by a viewer who reached the chunk',
  }[request.mapMeasure];
  const mapTicks =
    request.mapMeasure === 'rewatched'
      ? ['0', '0.5', '0.9', '1.1', '1.5 or more'].map((text, index) => ({ place: index / 5, text }))
      : [
          { place: 0, text: '0 %' },
          { place: 0.25, text: '25 %' },
          { place: 0.5, text: '50 %' },
          { place: 0.75, text: '75 %' },
          { place: 1, text: '100 %' },
        ];
  const heatLabel = {
    viewers: 'Unique viewers',
    coveredShare: 'Share of viewers who covered at least 75 % of the video',
    watchTime: 'Total watch time',
  }[request.heatMeasure];
  const heatText = {
    viewers: (value: number) => plural(Math.round(value), 'viewer'),
    coveredShare: (value: number) => percent(value, 1).text,
    watchTime: (value: number) => span(value).text,
  }[request.heatMeasure];
  const watch = numbers.reduce((sum, { watchSecs }) => sum + watchSecs, 0);
  return {
    course: summary,
    facts: `${plural(course.videos.length, 'video')} · ${plural(courseViewers(course, request.range), 'viewer')} · ${span(watch).text} watched`,
    range: rangeState(course, request.range),
    timeChart: request.timeFrame
      ? timeChart(course, perDay(course, course.videos), request.timeFrame, request.theme)
      : null,
    videos,
    mapLegend: scale(
      request,
      mapLabel,
      mapTicks,
      request.mapMeasure === 'rewatched' ? [0, 2, 6, 10, 14, 18] : null,
    ),
    heatLegend: scale(request, heatLabel, [
      { place: 0, text: heatText(0) },
      { place: 1, text: heatText(highest) },
    ]),
    topByViewers: top((row) => row.viewers),
    topByCovered: top((row) => row.coveredShare, 100),
    explanations: Object.entries(FORMULAS).map(([column, formula]) => ({
      column,
      explanation: explain(formula, request.range),
    })),
  };
}

export function mapRow(video: FakeVideo, range: DateRange | null): MapRowDetail {
  const of = videoNumbers(video, range);
  return {
    sessionId: video.id,
    cells: video.durationSecs
      ? of.reached.map((reached, chunk) => ({
          part: partText(video.durationSecs ?? 0, chunk),
          reached: `${reached} of ${plural(of.viewers, 'viewer')} reached this chunk (${percent(reached, of.viewers).text})`,
          covered: `${of.chunkCovered[chunk]} covered at least 75 % of it (${percent(of.chunkCovered[chunk] ?? 0, of.viewers).text})`,
          time: `${clock(of.averageSecs[chunk] ?? 0)} per viewer who reached it`,
        }))
      : [],
  };
}

export function timelines(course: FakeCourse, request: TimelinesRequest): Timelines {
  const numbers = new Map(course.videos.map((video) => [video.id, videoNumbers(video, request.range)]));
  const highest = Math.max(1, ...[...numbers.values()].flatMap(({ reached }) => reached));
  return {
    scaleText: plural(highest, 'viewer'),
    charts: request.sessionIds.map((sessionId) => {
      const of = numbers.get(sessionId);
      return { sessionId, svg: of ? smallTimeline(of, highest, request.frame, request.theme) : '' };
    }),
  };
}

export function videoPage(
  course: FakeCourse,
  index: number,
  request: VideoRequest,
  sample: boolean,
): VideoPage {
  const video = course.videos[index] as FakeVideo;
  const of = videoNumbers(video, request.range);
  const neighbour = (at: number) => {
    const other = course.videos[at];
    return other ? { sessionId: other.id, name: other.name } : null;
  };
  const length = video.durationSecs ? clock(video.durationSecs) : 'no length known';
  const place = `video ${index + 1} of ${course.videos.length.toLocaleString('en-US')}`;
  const noTracking =
    'Says nothing about attention. Downloads are not counted, and one person on two devices may be two viewers.';
  return {
    courseId: course.id,
    courseName: course.name,
    sessionId: video.id,
    name: video.name,
    facts: [length, place, video.folder ? `in ${video.folder}` : ''].filter(Boolean).join(' · '),
    canOpenInPanopto: !sample,
    previous: neighbour(index - 1),
    next: neighbour(index + 1),
    range: rangeState(course, request.range),
    figures: [
      {
        label: 'Unique viewers',
        figure: count(of.viewers),
        detail: null,
        explanation: explain(FORMULAS.viewers ?? '', request.range, noTracking),
      },
      {
        label: 'Watch time',
        figure: span(of.watchSecs),
        detail: of.viewers ? `${span(of.watchSecs / of.viewers).text} per viewer` : null,
        explanation: explain(FORMULAS.watchTime ?? '', request.range, noTracking),
      },
      {
        label: 'Covered at least 75 % of the video',
        figure: video.durationSecs ? count(of.covered) : none,
        detail:
          video.durationSecs && of.viewers ? `${percent(of.covered, of.viewers).text} of viewers` : null,
        explanation: explain(FORMULAS.covered ?? '', request.range, noTracking),
      },
      {
        label: 'Typical viewer covered',
        figure: of.typical === null ? none : percent(of.typical, 1),
        detail: of.typical === null ? null : 'of the video',
        explanation: explain(FORMULAS.typical ?? '', request.range, noTracking),
      },
    ],
    timeChart: request.timeFrame
      ? timeChart(course, perDay(course, [video]), request.timeFrame, request.theme)
      : null,
    timelineChart: timelineChart(video, of, request.timelineFrame, request.theme),
    averageTimeChart: averageTimeChart(video, of, request.averageTimeFrame, request.theme),
  };
}

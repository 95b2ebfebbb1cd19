// The figures of the made-up courses. Only for the fake: in the program they come from the crate `model`.

import type { DateRange } from '../bindings/dto';
import { dayOf } from './format';
import { CHUNKS, type FakeCourse, type FakeVideo } from './world';

export interface VideoNumbers {
  viewers: number;
  covered: number;
  typical: number | null;
  watchSecs: number;
  reached: number[];
  chunkCovered: number[];
  averageSecs: number[];
}

export const inRange = (day: number, range: DateRange | null) =>
  !range || (day >= dayOf(range.from) && day <= dayOf(range.to));

export function videoNumbers(video: FakeVideo, range: DateRange | null): VideoNumbers {
  const people = new Map<number, { covered: Float32Array; spent: Float32Array }>();
  for (const view of video.views) {
    if (!inRange(view.day, range)) continue;
    const person = people.get(view.viewer) ?? {
      covered: new Float32Array(CHUNKS),
      spent: new Float32Array(CHUNKS),
    };
    people.set(view.viewer, person);
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
      person.covered[chunk] = Math.max(person.covered[chunk] ?? 0, view.covered[chunk] ?? 0);
      person.spent[chunk] = (person.spent[chunk] ?? 0) + (view.spent[chunk] ?? 0);
    }
  }
  const reached = new Array<number>(CHUNKS).fill(0);
  const chunkCovered = new Array<number>(CHUNKS).fill(0);
  const spent = new Array<number>(CHUNKS).fill(0);
  const coverages: number[] = [];
  for (const person of people.values()) {
    let total = 0;
    for (let chunk = 0; chunk < CHUNKS; chunk += 1) {
      const part = person.covered[chunk] ?? 0;
      total += part / CHUNKS;
      if (part > 0) reached[chunk] = (reached[chunk] ?? 0) + 1;
      if (part >= 0.75) chunkCovered[chunk] = (chunkCovered[chunk] ?? 0) + 1;
      spent[chunk] = (spent[chunk] ?? 0) + (person.spent[chunk] ?? 0);
    }
    coverages.push(total);
  }
  coverages.sort((a, b) => a - b);
  return {
    viewers: people.size,
    covered: video.durationSecs ? coverages.filter((share) => share >= 0.75).length : 0,
    typical: video.durationSecs ? (coverages[Math.floor(coverages.length / 2)] ?? null) : null,
    watchSecs: spent.reduce((sum, secs) => sum + secs, 0),
    reached,
    chunkCovered,
    averageSecs: spent.map((secs, chunk) => (reached[chunk] ? secs / (reached[chunk] ?? 1) : 0)),
  };
}

/** Distinct viewers on each day of the course. */
export function perDay(course: FakeCourse, videos: FakeVideo[]): number[] {
  const days: Set<number>[] = Array.from({ length: course.lastDay - course.firstDay + 1 }, () => new Set());
  for (const video of videos)
    for (const view of video.views) days[view.day - course.firstDay]?.add(view.viewer);
  return days.map((people) => people.size);
}

export function courseViewers(course: FakeCourse, range: DateRange | null): number {
  const people = new Set<number>();
  for (const video of course.videos)
    for (const view of video.views) if (inRange(view.day, range)) people.add(view.viewer);
  return people.size;
}

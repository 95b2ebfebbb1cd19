// What is said about a running sync. Words and counts come from Rust; only their arrangement is decided here.

import { app } from './app.svelte';
import type { SyncPhase } from './bindings';

/** The parts of a progress, each for a line of its own in narrow places: `27 of 40 videos`, `25,164 viewing records`. */
export const partsOf = (text: string): string[] => text.split(' · ');

/** What is being done, in words that fit beside any course's name. */
export const PHASES: Record<SyncPhase, string> = {
  waiting: 'Waiting for its turn',
  listing: 'Listing folders and videos',
  fetching: 'Fetching viewing records',
  finishing: 'Everything is fetched',
  chunking: 'Working out the parts',
  captions: 'Fetching captions',
};

/** Whether the page on screen has the button that stops the sync: a course being synced, or *Add a course*. */
export const stopIsOnPage = (): boolean =>
  app.route.name === 'add' ||
  (app.route.name === 'course' && (app.sync?.courseIds.includes(app.route.courseId) ?? false));

/** Whether the page on screen shows all there is to know about the running sync: *Add a course*, or a course that has
 * nothing else yet. */
export const syncIsOnPage = (): boolean =>
  app.route.name === 'add' || (stopIsOnPage() && app.currentCourse?.hasData === false);

/** The time left for the course that takes longest, if there is an estimate. */
export function longest(): string | null {
  const all = Object.values(app.sync?.progress ?? {});
  const last = all.reduce<(typeof all)[number] | null>(
    (most, one) => ((one.remainingSecs ?? -1) > (most?.remainingSecs ?? -1) ? one : most),
    null,
  );
  return last?.remaining ?? null;
}

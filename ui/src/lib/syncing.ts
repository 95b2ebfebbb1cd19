// What is said of a running sync. The words and counts come from Rust; here is only which of them stand where.

import { app } from './app.svelte';
import type { SyncPhase } from './bindings';

/** The parts of a progress that stand on lines of their own where there is no room: `27 of 40 videos`, `25,164 viewing records`. */
export const partsOf = (text: string): string[] => text.split(' · ');

/** What is being done, in words that fit wherever a course is named. */
export const PHASES: Record<SyncPhase, string> = {
  waiting: 'Waiting for its turn',
  listing: 'Listing folders and videos',
  fetching: 'Fetching viewing records',
  finishing: 'Everything is fetched',
  chunking: 'Working out the parts',
  captions: 'Fetching captions',
};

/** Whether the page on screen has the button that stops the sync: that of a course that is being synced, and *Add a course*. */
export const stopIsOnPage = (): boolean =>
  app.route.name === 'add' ||
  (app.route.name === 'course' && (app.sync?.courseIds.includes(app.route.courseId) ?? false));

/** Whether the page on screen shows all there is to know of the running sync: *Add a course*, and that of a course that has
 * nothing else yet. */
export const syncIsOnPage = (): boolean =>
  app.route.name === 'add' || (stopIsOnPage() && app.currentCourse?.hasData === false);

/** What remains for the course that takes longest, if anybody dares to say. */
export function longest(): string | null {
  const all = Object.values(app.sync?.progress ?? {});
  const last = all.reduce<(typeof all)[number] | null>(
    (most, one) => ((one.remainingSecs ?? -1) > (most?.remainingSecs ?? -1) ? one : most),
    null,
  );
  return last?.remaining ?? null;
}

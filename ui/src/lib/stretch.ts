// Zooming into a stretch of a video: where the window on it goes. Rust decides what the window shows.

import type { Stretch } from './bindings';

/** The closest zoom; Rust enforces it too. */
const LEAST_SECS = 10;

const length = ({ fromSecs, toSecs }: Stretch): number => toSecs - fromSecs;

/** The stretch within the video, or `null` if it is all of it. */
function within(fromSecs: number, lengthSecs: number, durationSecs: number): Stretch | null {
  const long = Math.max(LEAST_SECS, lengthSecs);
  if (long >= durationSecs) return null;
  const from = Math.max(0, Math.min(fromSecs, durationSecs - long));
  return { fromSecs: from, toSecs: from + long };
}

/** The stretch that a pointer has drawn over, in either direction. */
export function between(a: number, b: number, durationSecs: number): Stretch | null {
  const long = Math.max(LEAST_SECS, Math.abs(b - a));
  return within((a + b - long) / 2, long, durationSecs);
}

/** Longer or shorter by a factor; the place stays where it is in the window. */
export function zoomedBy(
  shown: Stretch,
  factor: number,
  aroundSecs: number,
  durationSecs: number,
): Stretch | null {
  const long = Math.max(LEAST_SECS, length(shown) * factor);
  const share = (aroundSecs - shown.fromSecs) / length(shown);
  return within(aroundSecs - share * long, long, durationSecs);
}

/** Moved on, or back. */
export const movedBy = (shown: Stretch, secs: number, durationSecs: number): Stretch | null =>
  within(shown.fromSecs + secs, length(shown), durationSecs);

/** Moved no further than needed to show a place with some room beside it. */
export function showing(shown: Stretch, atSecs: number, durationSecs: number): Stretch | null {
  const room = length(shown) / 10;
  if (atSecs < shown.fromSecs) return movedBy(shown, atSecs - room - shown.fromSecs, durationSecs);
  if (atSecs >= shown.toSecs) return movedBy(shown, atSecs + room - shown.toSecs, durationSecs);
  return within(shown.fromSecs, length(shown), durationSecs);
}

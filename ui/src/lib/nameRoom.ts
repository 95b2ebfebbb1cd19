// How much room names had the last time, so that the first request already asks for names that fit. Without it each course
// would be asked for twice: first with names of any length, and again once the room for them was measured.

import type { CourseTab } from './bindings';

const KEY = 'name-room';

/** The room of a view, and how wide the page was then; both in pixels. */
interface Room {
  width: number;
  px: number;
}

function kept(): Partial<Record<CourseTab, Room>> {
  try {
    const found: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return found && typeof found === 'object' ? found : {};
  } catch {
    // Without storage, or with something else in it, the room is measured first.
    return {};
  }
}

/** The room that names had in this view of a page of this width; 0 if that is not known. */
export function roomBefore(tab: CourseTab, width: number): number {
  const last = kept()[tab];
  return last?.width === width && Number.isFinite(last.px) ? last.px : 0;
}

/** Remembers the room of a view. */
export function keepRoom(tab: CourseTab, width: number, px: number): void {
  if (px <= 0 || width <= 0 || roomBefore(tab, width) === px) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...kept(), [tab]: { width, px } }));
  } catch {
    // Then it is measured again.
  }
}

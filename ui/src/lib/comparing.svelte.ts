// What the course on screen is compared with, and what it can be compared with: read once, shared by menu, chip and sheet.

import { app } from './app.svelte';
import type { CompareChoices, CompareWith } from './bindings';
import * as ipc from './ipc';

class Comparing {
  /** What the course on screen can be compared with; absent before the first answer. */
  choices = $state.raw<CompareChoices | null>(null);
  /** Whether the sheet is open. */
  sheet = $state(false);
  /** Counts up when pairs of videos were mended, so that screens ask again. */
  version = $state(0);
  #courseId: string | null = null;

  /** What a course is compared with. */
  of(courseId: string): CompareWith | null {
    return app.state?.view.compared[courseId] ?? null;
  }

  set(courseId: string, compare: CompareWith | null): void {
    const { [courseId]: before, ...others } = app.state?.view.compared ?? {};
    if (!before && !compare) return;
    app.remember({ compared: compare ? { ...others, [courseId]: compare } : others });
  }

  /** Draws the other course later or earlier across time. */
  shift(courseId: string, weeks: number): void {
    const compare = this.of(courseId);
    if (compare?.with !== 'course') return;
    this.set(courseId, { ...compare, laterWeeks: compare.laterWeeks + weeks });
  }

  /** Reads what a course can be compared with; clears what another one could at once. */
  async load(courseId: string): Promise<void> {
    // Not by what is shown: an effect that loads would depend on its own answer, and ask without end.
    if (this.#courseId !== courseId) this.choices = null;
    this.#courseId = courseId;
    try {
      const choices = await ipc.compareChoices(courseId);
      if (app.currentCourse?.id === courseId) this.choices = choices;
    } catch {
      // The page itself tells what is wrong with the course list.
      this.choices = null;
    }
  }
}

export const comparing = new Comparing();

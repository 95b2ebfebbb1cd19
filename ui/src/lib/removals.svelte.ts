// Courses taken off the list since the program started; each removal can be undone while the program runs.

import { app } from './app.svelte';
import type { CourseSummary } from './bindings';
import * as ipc from './ipc';
import { keyText } from './keys';
import { nameOf } from './names';

/** A course that was taken off the list. */
export interface Removal {
  undo: string;
  name: string;
  /** What happened, in words. */
  text: string;
  courseId: string;
  /** The message that offers to undo it. */
  toast: number;
}

export class Removals {
  #all = $state.raw<Removal[]>([]);
  /** The removals that can be undone, the last one first, without courses that were added again meanwhile. */
  undoable = $derived(this.#all.filter(({ courseId }) => !app.course(courseId)));

  async remove(course: CourseSummary, deleteData: boolean): Promise<void> {
    try {
      const { undo, text } = await ipc.courseRemove(course.id, deleteData);
      const wasCurrent = app.currentCourse?.id === course.id;
      app.takeCourses(app.courses.filter(({ id }) => id !== course.id));
      if (wasCurrent) app.go({ name: 'home' });
      const keys = keyText('Mod+Z', app.state?.platform ?? 'linux');
      const toast = app.tell(text, {
        action: { label: 'Undo', keys, run: () => void this.undo(undo) },
      });
      const name = nameOf(course.name);
      this.#all = [{ undo, name, text, courseId: course.id, toast }, ...this.#all];
    } catch (reason) {
      app.complain(reason);
    }
  }

  /** Restores a removed course with its place and its data; without an argument, the last one. */
  async undo(undo = this.undoable[0]?.undo): Promise<void> {
    const removal = this.#all.find((one) => one.undo === undo);
    if (!removal) return;
    this.#all = this.#all.filter((one) => one !== removal);
    app.messages.close(removal.toast);
    try {
      app.takeCourses(await ipc.courseRemoveUndo(removal.undo));
      app.go({ name: 'course', courseId: removal.courseId });
    } catch (reason) {
      // If another program is blocking it now, a later try may succeed; if the data are gone, none will.
      if (ipc.asIpcError(reason).code !== 'not-found') this.#all = [removal, ...this.#all];
      app.complain(reason);
    }
  }

  forget(): void {
    this.#all = [];
  }
}

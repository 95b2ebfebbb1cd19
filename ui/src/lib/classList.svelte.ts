// The class list of the course on screen: what Rust says of it, and what somebody does on its sheet.

import { app } from './app.svelte';
import type { ClassListImport, ClassListPage, ClassListRequest, ClassSuggestion, IpcError } from './bindings';
import * as ipc from './ipc';

class ClassListSheet {
  /** The course whose sheet is open. */
  courseId = $state<string | null>(null);
  page = $state.raw<ClassListPage | null>(null);
  /** What an import would do, before it does it. */
  found = $state.raw<ClassListImport | null>(null);
  error = $state.raw<IpcError | null>(null);

  open(courseId: string): void {
    this.courseId = courseId;
    this.page = this.found = this.error = null;
    void this.#do(async () => {
      this.page = await ipc.classList(courseId);
    });
  }

  close(): void {
    this.courseId = null;
  }

  pick(): Promise<void> {
    return this.#do(async (courseId) => {
      this.found = (await ipc.classListPick(courseId)) ?? this.found;
    });
  }

  /** Shows what a dropped file, a pasted text, or the sample's own list would do. */
  preview(what: { path?: string; pasted?: string }): Promise<void> {
    return this.#do(async (courseId) => {
      this.found = await ipc.classListPreview({ courseId, path: null, pasted: null, ...what });
    });
  }

  import(found: ClassListImport): Promise<void> {
    return this.#do(async (courseId) => {
      const request: ClassListRequest = { courseId, path: found.path, pasted: found.pasted };
      this.page = await ipc.classListImport(request);
      this.found = null;
      app.dataVersion += 1;
    });
  }

  decide(place: number, suggestion: ClassSuggestion, isSame: boolean): Promise<void> {
    return this.#do(async (courseId) => {
      const decision = { courseId, place, userIds: suggestion.userIds };
      this.page = await ipc.classListDecide({ ...decision, isSame });
      app.dataVersion += 1;
      const run = () =>
        void this.#do(async () => {
          this.page = await ipc.classListDecide({ ...decision, isSame: null });
          app.dataVersion += 1;
        });
      app.tell(isSame ? 'Remembered: they are one person' : 'Remembered: they are two people', {
        action: { label: 'Undo', run },
      });
    });
  }

  remove(): Promise<void> {
    return this.#do(async (courseId) => {
      const { text, undo } = await ipc.classListRemove(courseId);
      this.page = this.page && { ...this.page, list: null };
      app.dataVersion += 1;
      const run = () =>
        void this.#do(async () => {
          if (undo) this.page = await ipc.classListRemoveUndo(undo);
          app.dataVersion += 1;
        });
      app.tell(text, undo ? { action: { label: 'Undo', run } } : {});
    });
  }

  async #do(what: (courseId: string) => Promise<void>): Promise<void> {
    const courseId = this.courseId;
    if (!courseId) return;
    try {
      this.error = null;
      await what(courseId);
    } catch (reason) {
      this.error = ipc.asIpcError(reason);
    }
  }
}

export const classList = new ClassListSheet();

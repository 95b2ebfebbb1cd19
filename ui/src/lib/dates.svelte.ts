// The dates of the course on screen: read once, shared by the flags, the ready-made ranges and the sheet that edits
// them.

import { app } from './app.svelte';
import type { DateInput, DateRange, DatesImport, DatesImportRequest, DatesPage, IpcError } from './bindings';
import * as ipc from './ipc';

class CourseDates {
  /** What Rust says about them; absent before the first answer, and if they cannot be read. */
  page = $state.raw<DatesPage | null>(null);
  /** Why they cannot be read. */
  error = $state.raw<IpcError | null>(null);
  /** The sheet: closed, open, or open with a day in the field for a new date. */
  sheet = $state.raw<{ day: string | null } | null>(null);
  /** What a calendar file would bring, before it is imported. */
  found = $state.raw<DatesImport | null>(null);
  #courseId: string | null = null;
  #turn = 0;

  /** Reads the dates of a course; clears those of another one at once. */
  async load(courseId: string): Promise<void> {
    if (courseId !== this.#courseId) this.page = null;
    this.#courseId = courseId;
    await this.#take(ipc.dates(courseId));
  }

  close(): void {
    this.sheet = this.found = null;
  }

  /** Adds a date, or replaces one; returns what is wrong with it. */
  async save(date: DateInput): Promise<IpcError | null> {
    return this.#change(ipc.dateSave(date));
  }

  /** Removes a date, and offers to put it back. */
  async remove(courseId: string, number: number): Promise<void> {
    try {
      const { text, undo, page } = await ipc.dateRemove(courseId, number);
      this.page = page;
      const run = () => void this.#take(ipc.dateRemoveUndo(undo));
      app.tell(text, { action: { label: 'Undo', run } });
    } catch (reason) {
      app.complain(reason);
    }
  }

  async setOnTime(courseId: string, days: number | null): Promise<IpcError | null> {
    return this.#change(ipc.datesOnTimeSet(courseId, days));
  }

  /** Sets the term, or lets it be guessed; answers what is wrong with it. */
  async setTerm(courseId: string, range: DateRange | null): Promise<IpcError | null> {
    const error = await this.#change(ipc.datesTermSet(courseId, range));
    // The ready-made ranges of the page follow it.
    if (!error) app.dataVersion += 1;
    return error;
  }

  /** Shows what a file that was dropped would bring. */
  async drop(courseId: string, path: string): Promise<void> {
    this.found = await ipc.datesImportPath(courseId, path);
    this.sheet = { day: null };
  }

  /** Lets a file be picked, and shows what it would bring; answers what is wrong with it. */
  async pick(courseId: string): Promise<IpcError | null> {
    try {
      this.found = await ipc.datesImportPick(courseId);
      return null;
    } catch (reason) {
      return ipc.asIpcError(reason);
    }
  }

  /** Carries out an import; returns what is wrong with it. */
  async importFile(request: DatesImportRequest): Promise<IpcError | null> {
    try {
      app.tell((await ipc.datesImport(request)).text);
      this.found = null;
      await this.load(request.courseId);
      return null;
    } catch (reason) {
      return ipc.asIpcError(reason);
    }
  }

  async #change(answer: Promise<DatesPage>): Promise<IpcError | null> {
    try {
      this.page = await answer;
      return null;
    } catch (reason) {
      return ipc.asIpcError(reason);
    }
  }

  async #take(answer: Promise<DatesPage>): Promise<void> {
    const turn = ++this.#turn;
    try {
      const page = await answer;
      if (turn !== this.#turn) return;
      this.page = page;
      this.error = null;
    } catch (reason) {
      if (turn !== this.#turn) return;
      this.page = null;
      this.error = ipc.asIpcError(reason);
    }
  }
}

export const courseDates = new CourseDates();

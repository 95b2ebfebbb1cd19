// The one-page report of a course or a video, for the dates on screen.

import { app, openFolderAction } from './app.svelte';
import * as ipc from './ipc';

/** Asks where to save it, and says where it was saved. */
export async function saveReport(courseId: string, sessionId: string | null): Promise<void> {
  try {
    const saved = await ipc.reportSave({ courseId, sessionId, range: app.days.of(courseId) });
    if (saved) app.tell(`${saved.name} saved`, { hint: saved.folder, action: openFolderAction('chart') });
  } catch (reason) {
    app.complain(reason);
  }
}

// The one-page report of a course or a video, for the dates on screen.

import { app } from './app.svelte';
import * as ipc from './ipc';
import { saving } from './saving';

/** Asks where to save it, and says where it was saved. */
export const saveReport = (courseId: string, sessionId: string | null): Promise<void> =>
  saving(ipc.reportSave({ courseId, sessionId, range: app.days.of(courseId) }));

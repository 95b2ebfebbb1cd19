// Saving a file where somebody chooses.

import { app, openFolderAction } from './app.svelte';
import type { SavedFile } from './bindings';

/** Says that the file is there, unless nobody chose a place for it. */
export async function saving(file: Promise<SavedFile | null>): Promise<void> {
  try {
    const saved = await file;
    if (saved) app.tell(`${saved.name} saved`, { hint: saved.folder, action: openFolderAction('chart') });
  } catch (reason) {
    app.complain(reason);
  }
}

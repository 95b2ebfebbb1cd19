// Copying a text, and saying how that went.

import { app } from './app.svelte';

/** `done` is the message once it is copied. */
export async function copyText(text: string, what: string, done = `${what} copied`): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.tell(done);
  } catch {
    app.tell(`${what} could not be copied`, { bad: true, hint: 'Select it and copy it by hand' });
  }
}

// Copying a text, and saying how that went.

import { app } from './app.svelte';

export async function copyText(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    app.tell(`${what} copied`);
  } catch {
    app.tell(`${what} could not be copied`, { bad: true, hint: 'Select it and copy it by hand' });
  }
}

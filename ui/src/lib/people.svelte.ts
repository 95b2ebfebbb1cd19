// What is decided about the people of a course, each step with its undo.

import { app } from './app.svelte';
import type { DecidedPeople } from './bindings';
import * as ipc from './ipc';

/** Decides something about people, says so, and offers to take it back. Every page then asks again. */
export async function decidePeople(courseId: string, keys: string[], what: DecidedPeople): Promise<boolean> {
  try {
    const { text, undo } = await ipc.peopleDecide({ courseId, keys, what });
    app.dataVersion += 1;
    app.tell(text, { action: { label: 'Undo', run: () => void takeBack(undo) } });
    return true;
  } catch (reason) {
    app.complain(reason);
    return false;
  }
}

async function takeBack(undo: string): Promise<void> {
  try {
    await ipc.peopleDecideUndo(undo);
    app.dataVersion += 1;
  } catch (reason) {
    app.complain(reason);
  }
}

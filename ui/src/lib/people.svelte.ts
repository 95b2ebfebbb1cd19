// What is decided about the people of a course, each step with its undo; and their addresses in the clipboard.

import { app } from './app.svelte';
import type { DecidedPeople, PeopleOrder } from './bindings';
import { copyText } from './copying';
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

/** Copies addresses, and writes down that they left the data folder. */
export async function copyAddresses(text: string, done: string): Promise<void> {
  await copyText(text, 'The addresses', done);
  await ipc.addressesCopied().catch((reason: unknown) => app.complain(reason));
}

/** How somebody is left out of every figure. */
export type LeftOutAs = Extract<DecidedPeople, 'leaveOut' | 'leaveOutStaff' | 'leaveOutTest'>;

/** How a column is sorted. Names run upwards, numbers and days downwards, unless they are turned round. */
export function sortOf(by: PeopleOrder['by'], order: PeopleOrder, reversed: boolean) {
  if (order.by !== by) return undefined;
  return (by === 'name') !== reversed ? 'ascending' : 'descending';
}

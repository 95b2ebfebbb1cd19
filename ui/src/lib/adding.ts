// What to say after courses were added.

import { app } from './app.svelte';
import type { AddReport } from './bindings';

const names = (list: { name: string }[]) =>
  list.length <= 2
    ? list.map(({ name }) => name).join(' and ')
    : `${list[0]?.name}, ${list[1]?.name} and ${list.length - 2} more`;

/** Reports the result of adding courses, and syncs the new ones. */
export function tellAdded(report: AddReport): void {
  const { added, already, refused } = report;
  const first = refused[0];
  if (added.length > 0) {
    app.tell(`${names(added)} added`, { hint: first ? `Not added: ${first.error.message}` : null });
    if (app.state?.signIn.state === 'signedIn') void app.syncs.start(added.map(({ id }) => id));
  } else if (first) app.tell(first.error.message, { hint: first.error.hint, bad: true });
  else if (already.length > 0) app.tell(`${names(already)}: already on the list`);
  else app.tell('There was no course to add');
}

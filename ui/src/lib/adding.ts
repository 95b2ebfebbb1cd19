// What to say after courses were added.

import { app } from './app.svelte';
import type { AddReport } from './bindings';

const names = (list: { name: string }[]) =>
  list.length <= 2
    ? list.map(({ name }) => name).join(' and ')
    : `${list[0]?.name}, ${list[1]?.name} and ${list.length - 2} more`;

/** Tells what became of an addition and offers to fetch what was added. It is not fetched unasked: a sync holds the data
 * folder, and the next course could not be added before it ends. */
export function tellAdded(report: AddReport): void {
  const { added, already, refused } = report;
  const first = refused[0];
  if (added.length > 0) {
    const ids = added.map(({ id }) => id);
    const canFetch = !app.sync && !app.signedOut;
    app.tell(`${names(added)} added`, {
      hint: first ? `Not added: ${first.error.message}` : null,
      action: canFetch ? { label: 'Sync now', run: () => void app.syncs.start(ids) } : null,
      syncs: canFetch ? ids : null,
    });
  } else if (first) app.tell(first.error.message, { hint: first.error.hint, bad: true });
  else if (already.length > 0) app.tell(`${names(already)}: already on the list`);
  else app.tell('There was no course to add');
}

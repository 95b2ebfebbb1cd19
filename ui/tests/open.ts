// Opens the window over the fake backend, and checks it with axe-core.

import { render, screen } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';

import Window from '../src/Window.svelte';
import { fakeBackend } from '../src/lib/fake/backend';
import type { Scenario } from '../src/lib/fake/scenario';
import { setTransport } from '../src/lib/ipc';

type Backend = ReturnType<typeof fakeBackend>;

export async function openWindow(
  scenarios: Scenario[] = [],
  hash = '',
  change: (backend: Backend) => void = () => undefined,
) {
  const backend = fakeBackend(new Set(scenarios), { pace: 0 });
  change(backend);
  setTransport(backend);
  location.hash = hash;
  const user = userEvent.setup();
  const view = render(Window);
  const names = () => backend.calls.map(({ command }) => command);
  return { backend, user, names, ...view };
}

/** Opens the first course and waits for its map. */
export async function openCourse(scenarios: Scenario[] = []) {
  const opened = await openWindow(scenarios);
  await screen.findByRole('grid', { name: /^Map/ });
  return opened;
}

/** Opens a video of the first course by its place. */
export async function openVideo(place = 3, scenarios: Scenario[] = []) {
  const opened = await openCourse(scenarios);
  const row = document.querySelector(`[aria-rowindex="${place + 1}"][role=row]`);
  if (!row) throw new Error(`there is no row ${place}`);
  await opened.user.click(row);
  await screen.findByText('Unique viewers');
  return opened;
}

/** axe-core finds nothing. Colours are checked elsewhere: jsdom has no layout. */
export async function expectAccessible() {
  const { violations } = await axe.run(document.body, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: true } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
}

/** An open window with its backend. */
export type Opened = Awaited<ReturnType<typeof openWindow>>;

/** The arguments of the last call of this command. */
export const lastCall = ({ backend }: Opened, command: string) =>
  backend.calls.filter((call) => call.command === command).at(-1)?.args;
export const lastRequest = <R>(opened: Opened, command: string) => lastCall(opened, command)?.request as R;

/** What the fake answers to the last request of this kind: the numbers that must be on screen. */
export async function answered<R>(opened: Opened, command: string): Promise<R> {
  return (await opened.backend.invoke(command, lastCall(opened, command) ?? {})) as R;
}

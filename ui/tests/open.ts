// Opens the window over the real program, and checks it with axe-core.

import { render, screen, waitFor } from '@testing-library/svelte';
import userEvent from '@testing-library/user-event';
import axe from 'axe-core';
import { expect } from 'vitest';

import Window from '../src/Window.svelte';
import type { PartsCharts, VideoPage } from '../src/lib/bindings';
import { setTransport, type Transport } from '../src/lib/ipc';
import { loadRest } from '../src/lib/later.svelte';
import { startProgram, type Program, type Situation } from './program';

// Every screen is there at once: when its script arrives is not what these tests are about.
await loadRest();

/** The sample courses. */
export const FIRST = 'GEOG 204, Cities & Climate';
export const SECOND = 'PSYC 118 Introduction à la mémoire';

/** Shows the window of a program; `through` may carry its calls instead. */
export function showWindow(program: Program, hash = '', through: Transport = program) {
  setTransport(through);
  location.hash = hash;
  const user = userEvent.setup();
  const view = render(Window);
  const names = () => program.calls.map(({ command }) => command);
  return { program, user, names, ...view };
}

export async function openWindow(situations: Situation[] = [], hash = '') {
  return showWindow(await startProgram(situations), hash);
}

/** Opens the first course and waits for its map. */
export async function openCourse(situations: Situation[] = []) {
  const opened = await openWindow(situations);
  await screen.findByRole('grid', { name: /^Map/ });
  return opened;
}

/** Opens a video of the first course by its lecture number. */
export async function openVideo(place = 3, situations: Situation[] = []) {
  const opened = await openCourse(situations);
  const row = document.querySelector(`[aria-rowindex="${place + 1}"][role=row]`);
  if (!row) throw new Error(`there is no row ${place}`);
  await opened.user.click(row);
  await screen.findByText('Unique viewers');
  return opened;
}

/** axe-core finds nothing. Colours are checked in Chromium: jsdom has no layout. */
export async function expectAccessible() {
  // The hundreds of time zones and components are all alike, and would take jsdom minutes.
  const context = { include: document.body, exclude: ['option', 'tbody tr:nth-child(n+50)'] };
  const { violations } = await axe.run(context, {
    rules: { 'color-contrast': { enabled: false }, region: { enabled: true } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
}

/** An open window with its program. */
export type Opened = Awaited<ReturnType<typeof openWindow>>;

/** The arguments of the last call of a command. */
export const lastCall = ({ program }: Opened, command: string) =>
  program.calls.filter((call) => call.command === command).at(-1)?.args;
export const lastRequest = <R>(opened: Opened, command: string) => lastCall(opened, command)?.request as R;

/** The program's answer to the last request of this kind: the numbers that must be on screen. */
export async function answered<R>(opened: Opened, command: string): Promise<R> {
  return (await opened.program.invoke(command, lastCall(opened, command) ?? {})) as R;
}

/** Shows the timeline of the video on screen in its 20 parts, and returns the program's answer. */
export async function byPart(opened: Opened): Promise<PartsCharts> {
  await opened.user.click(screen.getByRole('button', { name: 'By part' }));
  await waitFor(() => {
    if (!screen.queryByRole('slider', { name: /Average time/ })) throw new Error('not by part yet');
  });
  const { timeline } = await answered<VideoPage>(opened, 'video');
  if (timeline.view !== 'byPart') throw new Error('the timeline is shown by second');
  return timeline;
}

// Puts the loopback connection in Tauri's place in a plain browser.
//
// If the crate `dev` serves the page, it talks to the program that the page is served for. Under Vite's server the page
// starts one, in the situations named in its address (`?start=signedOut,dark`), and keeps it across reloads.

import { setTransport } from '../ipc';
import { httpTransport } from './http';

/** The path that Vite forwards to the shell, see `scripts/dev.mjs`. */
const VITE = '/shell/';

export async function openHttp(): Promise<void> {
  // Decided by the mode, not by `DEV`, which follows the environment of whoever builds the page.
  const isServed = import.meta.env.MODE === 'http';
  setTransport(httpTransport(isServed ? new URL('../', location.href).href : await startedProgram()));
}

async function startedProgram(): Promise<string> {
  const situations = new URLSearchParams(location.search).get('start') ?? '';
  const key = `program ${situations}`;
  const kept = sessionStorage.getItem(key);
  if (kept && (await fetch(`${kept}test/desktop`)).ok) return kept;
  const response = await fetch(`${VITE}program`, {
    method: 'POST',
    body: JSON.stringify({ situations: situations.split(',').filter(Boolean) }),
  });
  if (!response.ok) throw new Error(await response.text());
  const { name } = (await response.json()) as { name: string };
  const program = `${VITE}program/${name}/`;
  sessionStorage.setItem(key, program);
  return program;
}

// Puts the loopback connection in Tauri's place in a plain browser.
//
// Where the crate `dev` serves the page, the program is the one the page is served for. Under Vite's server the page
// starts one, in the situations of its address (`?start=signedOut,dark`), and keeps it over a reload.

import { setTransport } from '../ipc';
import { httpTransport } from './http';

/** Where Vite passes calls on, see `scripts/dev.mjs`. */
const VITE = '/shell/';

export async function openHttp(): Promise<void> {
  // By the mode, and not by `DEV`, which follows the environment of whatever builds the page.
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

// Builds the window for a plain browser into test-results/page, and starts the program that serves it.

import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { startProgram } from './program.mjs';

/** `address` ends in a slash, and `stop` ends the program. */
export async function startPage() {
  const root = fileURLToPath(new URL('../', import.meta.url));
  await build({ root, mode: 'http', logLevel: 'warn' });
  return startProgram('--page', `${root}test-results/page`);
}

// Builds the window for a plain browser into test-results/page, and starts the program that serves it.

import { fileURLToPath } from 'node:url';

import { build } from 'vite';

import { startProgram } from './program.mjs';

/** `address` ends in a slash, and `stop` ends the program. */
export async function startPage() {
  const root = fileURLToPath(new URL('../', import.meta.url));
  // As it is shipped, also from within the tests, whose environment is another.
  const before = process.env.NODE_ENV;
  process.env.NODE_ENV = 'production';
  try {
    await build({ root, mode: 'http', logLevel: 'warn' });
  } finally {
    if (before === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = before;
  }
  return startProgram('--page', `${root}test-results/page`);
}

// One `panopto-analytics-dev` for all tests of the window; each test starts its own programs in it.

import type { TestProject } from 'vitest/node';

import { startProgram } from '../scripts/program.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address below which everything is found; it ends in a slash. */
    programs: string;
  }
}

export default async function setup({ provide }: TestProject) {
  const { address, stop } = await startProgram();
  provide('programs', address);
  return stop;
}

// The built window in Chromium, over the real program. A missing Chromium is reported; on Linux and on CI, where
// testing needs it (.ci/setup), it is a failure.

import type { TestProject } from 'vitest/node';

import { chromiumPath, startChromium } from '../../scripts/chromium.mjs';
import { startPage } from '../../scripts/page.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of `panopto-analytics-dev`, which serves the page; empty where there is no Chromium. */
    pages: string;
  }
}

export default async function setup({ provide }: TestProject) {
  if (!chromiumPath()) {
    const what = 'There is no Chromium, so the layout of the window is not tested';
    if (process.platform === 'linux' || process.env.CI)
      throw new Error(`${what}: install it, or name it in CHROMIUM`);
    console.warn(what);
    provide('pages', '');
    return;
  }
  // Reported here, once, instead of by each test.
  await (await startChromium()).close();
  const { address, stop } = await startPage();
  provide('pages', address);
  return stop;
}

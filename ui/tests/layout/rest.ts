// A page at rest: what follows the first paint is there, and nothing moves any more.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Waits until the page has asked for nothing for a while. */
export async function atRest(page: Page, quietMs = 700) {
  let last = Date.now();
  const asked = () => (last = Date.now());
  page.on('request', asked);
  await expect.poll(() => Date.now() - last, { timeout: 20_000, interval: 50 }).toBeGreaterThan(quietMs);
  page.off('request', asked);
}

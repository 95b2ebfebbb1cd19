// Pictures of every screen in every state, over the real program, each checked with axe-core:
// `npm run screens [part of a name]...`. They go to test-results/screens; problems are printed and fail the run.

import { mkdir } from 'node:fs/promises';

import { startChromium } from './chromium.mjs';
import { startPage } from './page.mjs';
import { axeProblems, openShot, SHOTS } from './shots.mjs';

const wanted = process.argv.slice(2);
const out = new URL('../test-results/screens/', import.meta.url).pathname;
let failures = 0;
await mkdir(out, { recursive: true });

const { address, stop } = await startPage();
const browser = await startChromium();
try {
  for (const shot of SHOTS) {
    const [name, , , act] = shot;
    if (wanted.length > 0 && !wanted.some((word) => name.includes(word))) continue;
    const { page, problems, close } = await openShot(browser, address, shot);
    try {
      await act?.(page);
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${out}${name}.png` });
      problems.push(...(await axeProblems(page)));
    } catch (error) {
      problems.push(String(error).split('\n')[0]);
      await page.screenshot({ path: `${out}${name}.png` });
    }
    failures += problems.length;
    console.log(problems.length > 0 ? `${name}: ${problems.join(' | ')}` : name);
    await close();
  }
} finally {
  await browser.close();
  await stop();
}
process.exitCode = failures > 0 ? 1 : 0;

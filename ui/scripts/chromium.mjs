// Chromium for pictures and layout checks: found where systems put it, kept away from the network.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** Where it is; `CHROMIUM` names another place. Undefined where there is none. */
export const chromiumPath = () => process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));

/** Starts it. Only this computer can be reached from it. */
export const startChromium = () =>
  chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--no-default-browser-check',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      '--hide-scrollbars=false',
    ],
  });

// Connects the state of the window to the outside: the system's light and dark, the address, Rust's events.

import { app } from './app.svelte';
import { darkQuery, themeOf } from './appearance';
import * as ipc from './ipc';

/** Words such as `just now` grow old. */
const REFRESH_MS = 60_000;

/** Follows the system's light and dark, the address, and Rust's events. Call the result to stop. */
export async function connectApp(): Promise<() => void> {
  const query = darkQuery();
  const onTheme = () => {
    if (app.state) app.theme = themeOf(app.state.appearance);
  };
  const onHash = () => app.readRoute();
  query?.addEventListener('change', onTheme);
  addEventListener('hashchange', onHash);
  app.readRoute();
  const minute = setInterval(() => void app.refreshCourses(), REFRESH_MS);
  const stops = await Promise.all([
    ipc.onDataChanged(() => {
      app.dataVersion += 1;
      // Also what Rust found and mended on the way, which stands above the page.
      ipc.appState().then(
        ({ courses, notices }) => app.patch({ courses, notices }),
        (reason: unknown) => app.complain(reason),
      );
    }),
    ipc.onSettingsChanged((settings) => app.takeSettings(settings)),
    ipc.onDiscretionChanged((discretion) => app.takeDiscretion(discretion)),
  ]);
  return () => {
    query?.removeEventListener('change', onTheme);
    removeEventListener('hashchange', onHash);
    clearInterval(minute);
    stops.forEach((stop) => stop());
  };
}

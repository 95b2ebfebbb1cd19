// Puts the fake in Tauri's place in a plain browser; the situation comes from the address (`?fake=many,dark`).

import { app } from '../app.svelte';
import { setTransport } from '../ipc';
import { fakeBackend } from './backend';
import { OFFLINE } from './errors';
import { readScenarios } from './scenario';

export function installFake(): void {
  const scenarios = readScenarios(location.search);
  setTransport(fakeBackend(scenarios));
  if (scenarios.has('offline')) app.away = OFFLINE;
  if (scenarios.has('syncing') || scenarios.has('finishing')) {
    const start = setInterval(() => {
      if (!app.state) return;
      clearInterval(start);
      void app.startSync(null);
    }, 50);
  }
}

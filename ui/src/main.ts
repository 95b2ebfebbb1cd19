import { mount } from 'svelte';

import './tokens.css';
import './base.css';
import { insideTauri } from './lib/ipc';
import Window from './Window.svelte';

async function start(): Promise<void> {
  if (__HTTP__ && !insideTauri()) await (await import('./lib/transport/open')).openHttp();
  const target = document.getElementById('app');
  if (target) mount(Window, { target });
}

void start();

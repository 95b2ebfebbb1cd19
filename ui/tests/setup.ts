// What jsdom lacks: layout, modal dialogs, media queries. Sizes are those of a window of 1180 by 780.
import '@testing-library/svelte/vitest';

import { configure } from '@testing-library/svelte';
import { afterEach, vi } from 'vitest';

import { resetApp } from '../src/lib/app.svelte';
import { endPrograms } from './program';

configure({ asyncUtilTimeout: 30_000, getElementError: (message) => new Error(message ?? '') });

class NoResize {
  observe() {}
  unobserve() {}
  disconnect() {}
}
vi.stubGlobal('ResizeObserver', NoResize);

Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, get: () => 900 });
Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, get: () => 640 });
// axe-core wants a canvas to find icon fonts; there are none here.
HTMLCanvasElement.prototype.getContext = () => null;

HTMLElement.prototype.scrollTo = () => {};
Element.prototype.setPointerCapture = () => {};

HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
  this.setAttribute('open', '');
};
HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
  this.removeAttribute('open');
};

// jsdom has no pointer events; a mouse event with the pointer's number is enough here.
if (!('PointerEvent' in window)) {
  class PointerEvent extends MouseEvent {
    readonly pointerId: number;
    constructor(type: string, init: PointerEventInit = {}) {
      super(type, init);
      this.pointerId = init.pointerId ?? 0;
    }
  }
  Object.assign(window, { PointerEvent });
}

/** Whether the system is dark; tests set it. */
export const system = { dark: false };
vi.stubGlobal('matchMedia', (query: string) => ({
  matches: query.includes('dark') && system.dark,
  addEventListener: () => {},
  removeEventListener: () => {},
}));

afterEach(async () => {
  resetApp();
  location.hash = '';
  localStorage.clear();
  delete document.documentElement.dataset.theme;
  system.dark = false;
  await endPrograms();
});

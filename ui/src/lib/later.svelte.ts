// Parts of the window whose script is loaded after the first picture, so that the first picture comes sooner.
//
// Each is loaded when it is first wanted, and all of them once the window has painted, so that nobody waits for one.

import type { Component } from 'svelte';

import { app } from './app.svelte';

/** A component whose script is loaded later. */
class Later<C extends Component<never>> {
  #component = $state.raw<C | null>(null);
  #loading: Promise<void> | null = null;
  readonly #from: () => Promise<{ default: C }>;

  constructor(from: () => Promise<{ default: C }>) {
    this.#from = from;
  }

  /** The component, or `null` until it is loaded. Asking for it loads it; a failure is told, and not kept. */
  get component(): C | null {
    this.load().catch((reason: unknown) => app.complain(reason));
    return this.#component;
  }

  load(): Promise<void> {
    this.#loading ??= this.#from().then(
      ({ default: component }) => {
        this.#component = component;
      },
      (reason: unknown) => {
        this.#loading = null;
        throw reason;
      },
    );
    return this.#loading;
  }
}

export const later = {
  add: new Later(() => import('../screens/Add.svelte')),
  classList: new Later(() => import('../parts/classList/ClassListSheet.svelte')),
  compare: new Later(() => import('../parts/compare/CompareSheet.svelte')),
  connect: new Later(() => import('../screens/Connect.svelte')),
  credit: new Later(() => import('../parts/credit/CreditSheet.svelte')),
  dates: new Later(() => import('../parts/dates/DatesSheet.svelte')),
  export: new Later(() => import('../screens/Export.svelte')),
  guide: new Later(() => import('../screens/Guide.svelte')),
  heat: new Later(() => import('../parts/HeatView.svelte')),
  people: new Later(() => import('../parts/people/PeopleView.svelte')),
  person: new Later(() => import('../screens/Person.svelte')),
  settings: new Later(() => import('../screens/Settings.svelte')),
  shortcuts: new Later(() => import('../screens/Shortcuts.svelte')),
  table: new Later(() => import('../parts/TableView.svelte')),
  timelines: new Later(() => import('../parts/TimelinesView.svelte')),
  top: new Later(() => import('../parts/TopView.svelte')),
  video: new Later(() => import('../screens/Video.svelte')),
};

/** Loads everything that is not loaded yet. What fails is asked for again when it is wanted. */
export async function loadRest(): Promise<void> {
  await Promise.allSettled(Object.values(later).map((part) => part.load()));
}

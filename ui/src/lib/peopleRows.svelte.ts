// The rows of a list of people that are in sight: asked of Rust as they come, a hundred at a time, and kept until the list changes.

import type { MatrixPerson, PeoplePage, PeopleRequest } from './bindings';
import * as ipc from './ipc';

const AT_ONCE = 100;

const orderOf = ({ show, order, reversed, query }: PeopleRequest) =>
  JSON.stringify([show, order, reversed, query]);

export class PeopleRows {
  /** The list as Rust answered it last. */
  page = $state.raw<PeoplePage | null>(null);
  /** What that was the answer to. */
  request: PeopleRequest | null = null;
  /** Counts up when other people are shown, or in another order: a list then begins at its top. */
  turn = $state(0);
  #rows = $state.raw<Record<number, MatrixPerson[]>>({});
  #asked: boolean[] = [];

  /** Takes a new list, with its first rows. */
  take(page: PeoplePage, request: PeopleRequest): void {
    if (this.request && orderOf(this.request) !== orderOf(request)) this.turn += 1;
    this.page = page;
    this.request = request;
    this.#rows = { 0: page.rows };
    this.#asked = [true];
  }

  /** The rows from one to before another; those that are still on their way are undefined. */
  within(first: number, end: number): (MatrixPerson | undefined)[] {
    return Array.from({ length: Math.max(0, end - first) }, (_, index) => this.at(first + index));
  }

  at(place: number): MatrixPerson | undefined {
    return this.#rows[Math.floor(place / AT_ONCE)]?.[place % AT_ONCE];
  }

  /** Asks for those of these rows that are not here yet. */
  want(first: number, end: number): void {
    const last = Math.min(end, this.page?.count ?? 0) - 1;
    for (let chunk = Math.floor(first / AT_ONCE); chunk <= Math.floor(last / AT_ONCE); chunk += 1) {
      if (!this.#asked[chunk]) void this.#ask(chunk);
    }
  }

  async #ask(chunk: number): Promise<void> {
    const request = this.request;
    if (!request) return;
    this.#asked[chunk] = true;
    try {
      const rows = await ipc.peopleRows(request, chunk * AT_ONCE);
      if (this.request === request) this.#rows = { ...this.#rows, [chunk]: rows };
    } catch {
      // The list itself says what is wrong; these rows are asked for again when they come into sight.
      if (this.request === request) this.#asked[chunk] = false;
    }
  }
}

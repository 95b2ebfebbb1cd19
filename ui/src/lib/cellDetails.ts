// The exact words of the map's cells. They are asked for a row at a time, when a pointer or the keyboard comes to it.

import type { CellDetail, DateRange } from './bindings';
import * as ipc from './ipc';

export class CellDetails {
  #rows = new Map<string, Promise<CellDetail[]>>();

  /** An answer holds until the range or the data change. */
  forget(): void {
    this.#rows.clear();
  }

  of(courseId: string, sessionId: string, range: DateRange | null): Promise<CellDetail[]> {
    const known = this.#rows.get(sessionId);
    if (known) return known;
    const asked = ipc.mapRow(courseId, sessionId, range).then(({ cells }) => cells);
    asked.catch(() => this.#rows.delete(sessionId));
    this.#rows.set(sessionId, asked);
    return asked;
  }
}

// The credit for watching of the course on screen: what is counted, what everybody gets, and how it is saved.

import { app, openFolderAction } from './app.svelte';
import type {
  CreditAsked,
  CreditChoices,
  CreditPreview,
  CreditSaved,
  DecidedCredit,
  IpcError,
} from './bindings';
import * as ipc from './ipc';
import { latest } from './latest';

const RULE: Omit<CreditAsked, 'courseId'> = {
  sessionIds: [],
  by: '',
  graceMinutes: 0,
  thresholdPercent: 75,
  points: 10,
  proportional: false,
  decimals: 1,
  zeroFor: 'nobody',
  decided: [],
};

class Credit {
  /** The course whose sheet is open. */
  courseId = $state<string | null>(null);
  choices = $state.raw<CreditChoices | null>(null);
  preview = $state.raw<CreditPreview | null>(null);
  error = $state.raw<IpcError | null>(null);
  /** What is counted. */
  asked = $state.raw<Omit<CreditAsked, 'courseId'>>(RULE);
  #ask = latest(
    (request: CreditAsked) => ipc.creditPreview(request),
    (answer) => {
      this.preview = answer;
      this.error = null;
    },
    (reason) => {
      this.preview = null;
      this.error = ipc.asIpcError(reason);
    },
  );

  /** Whether there is enough to work something out. */
  get isReady(): boolean {
    return this.asked.sessionIds.length > 0 && this.asked.by.trim() !== '';
  }

  open(courseId: string): void {
    this.courseId = courseId;
    this.choices = this.preview = this.error = null;
    this.asked = RULE;
    void this.#load(courseId);
  }

  close(): void {
    this.courseId = null;
  }

  /** Changes what is counted, and works it out anew. */
  change(part: Partial<CreditAsked>): void {
    this.asked = { ...this.asked, ...part };
    this.refresh();
  }

  refresh(): void {
    if (this.courseId && this.isReady) this.#ask({ courseId: this.courseId, ...this.asked });
    else this.preview = null;
  }

  /** Decides otherwise for one person, or takes that back. */
  decide(place: number, decided: Omit<DecidedCredit, 'place'> | null): void {
    const others = this.asked.decided.filter((other) => other.place !== place);
    this.change({ decided: decided ? [...others, { place, ...decided }] : others });
  }

  save(format: string, title: string): Promise<void> {
    return this.#saved((of) => ipc.creditSave({ of, format, title }));
  }

  fill(column: string): Promise<void> {
    return this.#saved((of) => ipc.creditFill({ of, column }));
  }

  async #load(courseId: string): Promise<void> {
    try {
      const choices = await ipc.creditChoices(courseId);
      if (this.courseId !== courseId) return;
      this.choices = choices;
      if (!this.asked.by && choices.dates[0]) this.change({ by: choices.dates[0].by });
    } catch (reason) {
      this.error = ipc.asIpcError(reason);
    }
  }

  async #saved(save: (of: CreditAsked) => Promise<CreditSaved | null>): Promise<void> {
    if (!this.courseId) return;
    try {
      this.error = null;
      const saved = await save({ courseId: this.courseId, ...this.asked });
      if (saved) {
        app.tell(`${saved.file.name} saved`, { hint: saved.text, action: openFolderAction('chart') });
      }
    } catch (reason) {
      this.error = ipc.asIpcError(reason);
    }
  }
}

export const credit = new Credit();

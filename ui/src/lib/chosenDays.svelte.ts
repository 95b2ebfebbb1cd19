// The days that are chosen for each course, kept for the next start.

import type { DateRange, PresetId, RangeChoice, RangeState } from './bindings';

type Choices = Record<string, RangeChoice>;

/** Time for which chosen days must stand before they are kept: a drag is one choice. */
const KEPT_AFTER_MS = 400;

export class ChosenDays {
  /** The choice of each course that does not show all dates. */
  #choices = $state.raw<Choices>({});
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #keep: (choices: Choices) => void;

  /** `keep` stores the choices. */
  constructor(keep: (choices: Choices) => void) {
    this.#keep = keep;
  }

  of(courseId: string): DateRange | null {
    return this.#choices[courseId]?.range ?? null;
  }

  /** Chooses days; those of a ready-made choice move on with the data, in this run and the next. */
  set(courseId: string, range: DateRange | null, preset: PresetId | null = null): void {
    const { [courseId]: before, ...others } = this.#choices;
    if (!range && !before) return;
    this.#choices = range ? { ...others, [courseId]: { preset, range } } : others;
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => {
      this.#waiting = undefined;
      this.#keep(this.#choices);
    }, KEPT_AFTER_MS);
  }

  /** Brings the chosen days of a course in line with what its data are now. */
  followData(courseId: string, { domain, until, presets }: RangeState): void {
    const choice = this.#choices[courseId];
    if (!choice) return;
    if (choice.preset) {
      const days = presets.find(({ id }) => id === choice.preset)?.range ?? null;
      if (days?.from !== choice.range.from || days.to !== choice.range.to)
        this.set(courseId, days, choice.preset);
      return;
    }
    // ISO dates are in the order of their letters.
    const end = domain && until && until > domain.to ? until : domain?.to;
    if (!domain || !end || choice.range.to < domain.from || choice.range.from > end) this.set(courseId, null);
  }

  /** Takes over what was kept, unless something newer waits to be kept. */
  take(choices: Choices): void {
    if (this.#waiting === undefined) this.#choices = choices;
  }

  /** Forgets what waits to be kept. */
  dropPending(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }
}

// The chosen days of each course, saved for the next start.

import type { DateRange, PresetId, RangeChoice, RangeState } from './bindings';

type Choices = Record<string, RangeChoice>;

/** How long chosen days must stay the same before they are saved: a drag is one choice. */
const KEPT_AFTER_MS = 400;

export class ChosenDays {
  /** The choice of each course that does not show all dates. */
  #choices = $state.raw<Choices>({});
  #waiting: ReturnType<typeof setTimeout> | undefined;
  readonly #keep: (choices: Choices) => void;

  /** `keep` saves the choices. */
  constructor(keep: (choices: Choices) => void) {
    this.#keep = keep;
  }

  of(courseId: string): DateRange | null {
    return this.#choices[courseId]?.range ?? null;
  }

  /** Chooses days. Those of a ready-made choice move on with the data, in this run and the next. */
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

  /**
   * Adapts the chosen days of a course to its present data. `takesAnswered`: the answer may be of other days than the chosen
   * ones: while presenting, of the whole weeks that hold them.
   */
  followData(courseId: string, { range, domain, until, presets }: RangeState, takesAnswered = false): void {
    const choice = this.#choices[courseId];
    if (!choice) return;
    if (choice.preset) {
      const days = presets.find(({ id }) => id === choice.preset)?.range ?? null;
      if (days?.from !== choice.range.from || days.to !== choice.range.to)
        this.set(courseId, days, choice.preset);
      return;
    }
    if (takesAnswered && range) {
      if (range.from !== choice.range.from || range.to !== choice.range.to) this.set(courseId, range);
      return;
    }
    // ISO dates sort like text.
    const end = domain && until && until > domain.to ? until : domain?.to;
    if (!domain || !end || choice.range.to < domain.from || choice.range.from > end) this.set(courseId, null);
  }

  /** Takes over saved choices, unless newer ones are waiting to be saved. */
  take(choices: Choices): void {
    if (this.#waiting === undefined) this.#choices = choices;
  }

  /** Forgets choices that are waiting to be saved. */
  dropPending(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
  }
}

// The days that a chart across time covers: those of the whole course, and more if days beyond them are chosen.

import type { Chart, DateRange, RangeState } from './bindings';

/** Whether a chart on screen shows the chosen days, as far as there are data; if not, it must be redrawn. */
export function covers(chart: Chart | null, known: RangeState | undefined, range: DateRange | null): boolean {
  const first = chart?.points[0]?.days;
  const last = chart?.points.at(-1)?.days;
  if (!known?.domain || !first || !last) return true;
  // ISO dates sort like text.
  if (!range) return first.from === known.domain.from && last.to === known.domain.to;
  const end = known.until && known.until > known.domain.to ? known.until : known.domain.to;
  return first.from <= range.from && last.to >= (range.to < end ? range.to : end);
}

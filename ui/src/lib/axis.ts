// The days a chart across time is drawn over: those of the whole course, and further where days beyond them are chosen.

import type { Chart, DateRange, RangeState } from './bindings';

/** Whether a chart that is on screen shows the chosen days, as far as there are data; if not, it is to be drawn anew. */
export function covers(chart: Chart | null, known: RangeState | undefined, range: DateRange | null): boolean {
  const first = chart?.points[0]?.days;
  const last = chart?.points.at(-1)?.days;
  if (!known?.domain || !first || !last) return true;
  // ISO dates are in the order of their letters.
  if (!range) return first.from === known.domain.from && last.to === known.domain.to;
  const end = known.until && known.until > known.domain.to ? known.until : known.domain.to;
  return first.from <= range.from && last.to >= (range.to < end ? range.to : end);
}

// Maps chosen days to the points of a chart across time.

import type { ChartPoint, DateRange } from './bindings';

/** Whether two choices are the same days. */
export const same = (a: DateRange | null, b: DateRange | null): boolean =>
  a?.from === b?.from && a?.to === b?.to;

/** The chosen points, or all of them; `null` if the range lies entirely outside the chart. */
export function chosenPoints(
  points: ChartPoint[],
  range: DateRange | null,
): { from: number; to: number } | null {
  if (!range) return { from: 0, to: points.length - 1 };
  const from = points.findIndex(({ days }) => days && days.to >= range.from);
  const to = points.findLastIndex(({ days }) => days && days.from <= range.to);
  return from < 0 || to < 0 || from > to ? null : { from, to };
}

// Where a pointer is on a chart, and how far an arrow key goes on it.

/** Pixels from the left edge of the chart. */
export const xOn = (chart: Element | undefined, event: MouseEvent): number =>
  event.clientX - (chart?.getBoundingClientRect().left ?? 0);

/** How many points a key goes on; `undefined` for a key that goes nowhere. */
export function pointsBy(key: string, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return 1;
    case 'ArrowLeft':
    case 'ArrowDown':
      return -1;
    case 'PageUp':
      return 7;
    case 'PageDown':
      return -7;
    case 'Home':
      return -count;
    case 'End':
      return count;
    default:
      return undefined;
  }
}

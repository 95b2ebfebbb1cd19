// The steps of the zoom. The window itself is zoomed by Rust, which also remembers it.

const STEPS_PERCENT = [50, 67, 80, 90, 100, 110, 125, 150, 175, 200];

/** The next size, or the same if there is none. */
export function zoomed(percent: number, action: 'zoomIn' | 'zoomOut' | 'zoomReset'): number {
  if (action === 'zoomReset') return 100;
  const next =
    action === 'zoomIn'
      ? STEPS_PERCENT.find((step) => step > percent)
      : STEPS_PERCENT.findLast((step) => step < percent);
  return next ?? percent;
}

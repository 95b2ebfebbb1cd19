// Where the read-out of a part stands, so that it hides as little as possible of what the part is compared with.

/** The upper and lower edge of something, in pixels of the window. */
export interface Edges {
  top: number;
  bottom: number;
}

const GAP_PX = 6;
const EDGE_PX = 8;

/** The upper edge of a read-out beside a chart: below it in the upper half of the window, above it in the lower half. */
export function besideChart(chart: Edges, height: number, windowHeight: number): number {
  return chart.top < windowHeight / 2 ? chart.bottom + GAP_PX : chart.top - GAP_PX - height;
}

/**
 * The upper edge of a read-out of the map: over the map or, without room there, below it. The rows beside the cell stay in
 * sight. Where the map fills the window, the read-out stands at the end of the window that is farther from the cell.
 */
export function outsideMap(cell: Edges, map: Edges, height: number, windowHeight: number): number {
  const over = map.top - GAP_PX - height;
  if (over >= EDGE_PX) return over;
  const below = map.bottom + GAP_PX;
  const lowest = windowHeight - EDGE_PX - height;
  if (below <= lowest) return below;
  return cell.top > windowHeight - cell.bottom ? EDGE_PX : lowest;
}

/** The parts of a video, and so the cells of its row in the map. */
export const CELLS = 20;

// Work that costs more than a redraw waits until things have come to rest.

/** How long nothing may change before that. */
const REST_MS = 120;

/** Runs the function after a rest, unless the returned function is called first. */
export function whenCalm(run: () => void): () => void {
  const timer = setTimeout(run, REST_MS);
  return () => clearTimeout(timer);
}

// What costs more than a redraw is asked for when things have come to rest.

/** How long nothing must change. */
const REST_MS = 120;

/** Runs the function once nothing has called for it again; the returned function takes the call back. */
export function whenCalm(run: () => void): () => void {
  const timer = setTimeout(run, REST_MS);
  return () => clearTimeout(timer);
}

// Work that costs more than a redraw waits until things have come to rest.

/** How long nothing may change before that. */
const REST_MS = 120;

/** Runs the function once no newer call has come for a while; the returned function cancels this call. */
export function whenCalm(run: () => void): () => void {
  const timer = setTimeout(run, REST_MS);
  return () => clearTimeout(timer);
}

// Work that nobody waits for, because it is not in sight.

/** Runs something once the window has painted what there is now. Returns what calls it off. */
export function oncePainted(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(run);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

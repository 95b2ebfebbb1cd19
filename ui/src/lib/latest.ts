// While the date range is dragged, answers must not pile up: one request is under way, only the newest waits.

/** Wraps an asynchronous function: calls made while one runs are dropped, but for the last. */
export function latest<A, R>(
  run: (argument: A) => Promise<R>,
  done: (result: R, argument: A) => void,
  failed: (reason: unknown, argument: A) => void,
): (argument: A) => void {
  let running = false;
  let waiting: { argument: A } | null = null;

  async function start(argument: A): Promise<void> {
    running = true;
    try {
      const result = await run(argument);
      done(result, argument);
    } catch (reason) {
      // An outdated failure says nothing about what is wanted now.
      if (!waiting) failed(reason, argument);
    } finally {
      running = false;
      const next = waiting;
      waiting = null;
      if (next) void start(next.argument);
    }
  }

  return (argument) => {
    if (running) waiting = { argument };
    else void start(argument);
  };
}

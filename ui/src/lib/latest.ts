// Answers must not pile up while the date range is dragged: one request runs, and only the newest waits.

/** Wraps an asynchronous function: of the calls made while one runs, only the last is kept. */
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
      // An outdated failure says nothing about the newest request.
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

// The shell over a loopback connection: for `npm run dev` and for tests, in a plain browser. Left out of the real build.
//
// A reply is lines of JSON: the events of a job as they come, then its answer or error. The other side is the crate `dev`.

import type { Transport } from '../ipc';

type Handler = (payload: never) => void;

/** The last line of a reply, or one of those before it. */
type Line = { event: unknown } | { answer: unknown } | { error: unknown };

/** What the shell says outside any call. */
interface Fact {
  name: string;
  payload: unknown;
}

export interface HttpTransport extends Transport {
  /** Passes on an event that otherwise only Tauri can send: files dragged over the window. */
  hand(event: string, payload: unknown): void;
  /** Ends the connection. */
  close(): void;
}

/** The program below this address, which ends in a slash. */
export function httpTransport(program: string): HttpTransport {
  const handlers = new Map<string, Set<Handler>>();
  let events: Promise<void> | null = null;
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null;
  let closed = false;

  const hand = (event: string, payload: unknown) =>
    handlers.get(event)?.forEach((handler) => handler(payload as never));

  /** Resolves when every event from now on is received. */
  async function connect(): Promise<void> {
    const { body } = await fetch(`${program}events`);
    if (!body || closed) return void body?.cancel();
    reader = body.getReader();
    void eachLine<Fact>(reader, ({ name, payload }) => hand(name, payload)).catch(() => undefined);
  }

  return {
    hand,
    channel: (onEvent) => onEvent,
    async invoke(command, { onEvent, ...args }) {
      const response = await fetch(`${program}command/${command}`, {
        method: 'POST',
        body: JSON.stringify(args),
      });
      if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
      let last: Line | null = null;
      await eachLine<Line>(response.body.getReader(), (line) => {
        if ('event' in line) (onEvent as ((event: unknown) => void) | undefined)?.(line.event);
        else last = line;
      });
      return answerOf(last);
    },
    async listen(event, handler) {
      const known = handlers.get(event) ?? new Set();
      handlers.set(event, known.add(handler));
      await (events ??= connect());
      return () => void known.delete(handler);
    },
    close() {
      closed = true;
      void reader?.cancel().catch(() => undefined);
    },
  };
}

function answerOf(last: Line | null): unknown {
  if (last && 'answer' in last) return last.answer;
  // The shell's own error object, as Tauri would throw it.
  if (last && 'error' in last) throw last.error;
  throw new Error('The connection to the program was cut');
}

async function eachLine<L>(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  take: (line: L) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as L);
    if (done) return;
  }
}

// The real program in the situations a test asks for: the other side of the window's calls.

import { inject } from 'vitest';

import type { MenuCommand } from '../src/lib/bindings';
import type { Transport } from '../src/lib/ipc';
import { httpTransport } from '../src/lib/transport/http';

/** What can hold at the start; by default the two sample courses are fetched and somebody is signed in. Others are refused. */
export type Situation =
  | 'firstStart'
  | 'noCourses'
  | 'neverSynced'
  | 'noVideos'
  | 'unwatched'
  | 'oneViewer'
  | 'hardNames'
  | 'manyVideos'
  | 'manyCourses'
  | 'signedOut'
  | 'offline'
  | 'noKeychain'
  | 'fullDisk'
  | 'busy'
  | 'damagedData'
  | 'damagedList'
  | 'damagedSettings'
  | 'stallsWhileFetching'
  | 'stallsAtTheEnd'
  | 'syncedInPart'
  | 'syncFailed'
  | 'syncStopped'
  | 'exported'
  | 'everyNight'
  | 'nightFailed'
  | 'noScheduler'
  | 'named'
  | 'dark'
  | 'light';

/** What a test does besides acting like a person in the window. */
export interface Deeds {
  /** The path that the next picker answers; `null` closes it without a choice. */
  pick: string | null;
  /** A choice in the native menu. */
  menu: MenuCommand;
  /** The window comes to the front. */
  front: null;
  /** The server can no longer be reached. */
  serverAway: null;
  /** A server that fell silent answers again. */
  serverAnswers: null;
}

/** What the desktop was asked for. */
export interface Desktop {
  pickers: string[];
  names: string[];
  pages: string[];
  folders: string[];
}

/** A program, and every call that the window made to it. */
export interface Program extends Transport {
  /** Its folder; a test may put files there. */
  dir: string;
  /** Its data folder, which other processes change too. */
  data: string;
  /** The address of its Panopto server. */
  server: string;
  calls: { command: string; args: Record<string, unknown> }[];
  /** How many of the calls are not answered yet. */
  unanswered: number;
  /** Passes on an event that otherwise only Tauri can send: files dragged over the window. */
  hand(event: string, payload: unknown): void;
  do<D extends keyof Deeds>(deed: D, value: Deeds[D]): Promise<void>;
  desktop(): Promise<Desktop>;
  end(): Promise<void>;
}

const running = new Set<Program>();

async function asked(method: string, path: string, body?: unknown): Promise<Response> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(inject('programs') + path, init);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

export async function startProgram(situations: Situation[] = []): Promise<Program> {
  const started = (await (await asked('POST', 'program', { situations })).json()) as {
    name: string;
    dir: string;
    data: string;
    server: string;
  };
  const path = `program/${started.name}/`;
  const transport = httpTransport(inject('programs') + path);
  const program: Program = {
    ...transport,
    ...started,
    calls: [],
    unanswered: 0,
    async invoke(command, args) {
      program.calls.push({ command, args });
      program.unanswered += 1;
      try {
        return await transport.invoke(command, args);
      } finally {
        program.unanswered -= 1;
      }
    },
    async do(deed, value) {
      await asked('POST', `${path}test/${deed}`, value);
    },
    async desktop() {
      return (await asked('GET', `${path}test/desktop`)).json() as Promise<Desktop>;
    },
    async end() {
      running.delete(program);
      transport.close();
      await asked('DELETE', path.replace(/\/$/, ''));
    },
  };
  running.add(program);
  return program;
}

/** Ends what a test has started. */
export async function endPrograms(): Promise<void> {
  await Promise.all([...running].map((program) => program.end()));
}

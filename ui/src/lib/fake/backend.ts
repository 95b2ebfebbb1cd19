// A whole backend in the browser: every command of docs/ipc.md over made-up courses, so that every state of every
// screen can be opened in a plain browser and tested. Left out of the real build.

import type {
  AppState,
  CourseSummary,
  DateRange,
  OverviewRequest,
  TimelinesRequest,
  VideoRequest,
} from '../bindings/dto';
import type { Transport } from '../ipc';
import { connecting } from './connecting';
import { courseList } from './courseList';
import { error } from './errors';
import { exporting } from './exporting';
import { mapRow, overview, timelines, videoPage } from './looking';
import { FakeMemory, type Handlers } from './memory';
import type { Scenario } from './scenario';
import { settings } from './settings';
import { syncing } from './syncing';

export interface FakeBackend extends Transport {
  /** Sends an event to the window, as Rust would. */
  emit(event: string, payload: unknown): void;
  /** Every call so far. */
  calls: { command: string; args: Record<string, unknown> }[];
}

const starting = (memory: FakeMemory): Handlers => ({
  app_state: () => {
    if (memory.has('startfail'))
      throw error(
        'course-file-invalid',
        'Line 3 of courses.csv has no folder ID',
        'Open the data folder and correct the line, or delete it',
      );
    return memory.state();
  },
  view_remember: ({ view }: { view: AppState['view'] }) => ((memory.view = view), null),
  leave_sample: () => {
    memory.sample = false;
    if (memory.has('welcome') || memory.has('sample')) memory.courses = [];
    return memory.state();
  },
  data_folder_open_pick: () => {
    memory.courses = memory.world.map((course) => memory.summarise(course));
    return memory.state();
  },
  data_folder_open_path: () => {
    memory.courses = memory.world.map((course) => memory.summarise(course));
    return memory.state();
  },
});

const looking = (memory: FakeMemory): Handlers => ({
  course_overview: ({ request }: { request: OverviewRequest }) => {
    const course = memory.courseOf(request.courseId);
    const summary = memory.courses.find(({ id }) => id === request.courseId) as CourseSummary;
    return overview(course, summary, request);
  },
  map_row: (args: { courseId: string; sessionId: string; range: DateRange | null }) =>
    mapRow(memory.videoOf(memory.courseOf(args.courseId), args.sessionId), args.range),
  timelines: ({ request }: { request: TimelinesRequest }) =>
    timelines(memory.courseOf(request.courseId), request),
  video: ({ request }: { request: VideoRequest }) => {
    const course = memory.courseOf(request.courseId);
    const index = course.videos.indexOf(memory.videoOf(course, request.sessionId));
    return videoPage(course, index, request, memory.sample);
  },
  chart_save: async ({ request }: { request: { kind: string; format: string } }) => {
    await memory.wait(200);
    return { name: `Welcome – ${request.kind}.${request.format}`, folder: '/home/maya/Pictures' };
  },
  open_in_panopto: () => null,
});

/** A backend in these situations; `pace` 0 lets it answer without the pauses of a server. */
export function fakeBackend(
  scenarios: Set<Scenario> = new Set(),
  options: { pace?: number } = {},
): FakeBackend {
  const memory = new FakeMemory(scenarios, options.pace ?? 1);
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const calls: FakeBackend['calls'] = [];
  const handlers: Handlers = {
    ...starting(memory),
    ...connecting(memory),
    ...courseList(memory),
    ...syncing(memory),
    ...looking(memory),
    ...exporting(memory),
    ...settings(memory),
  };
  return {
    calls,
    async invoke(command, args) {
      calls.push({ command, args });
      const handler = handlers[command];
      if (!handler) throw new Error(`unknown command ${command}`);
      if (memory.has('slow')) await memory.wait(2000);
      await memory.wait(0);
      // As over the real bridge: nothing is shared between the two sides.
      const { onEvent, ...rest } = args as { onEvent?: unknown };
      const answer: unknown = await handler({ ...structuredClone(rest), onEvent });
      return structuredClone(answer);
    },
    channel: (onEvent) => (event: unknown) => onEvent(structuredClone(event) as never),
    listen(event, handler) {
      const set = listeners.get(event) ?? new Set();
      listeners.set(event, set.add(handler));
      return Promise.resolve(() => void set.delete(handler));
    },
    emit: (event, payload) => listeners.get(event)?.forEach((handler) => handler(payload as never)),
  };
}

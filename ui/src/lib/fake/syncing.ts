// A sync of the fake: `sync_start`, `job_cancel` and the one that prepares the sample.

import type { AppState, CourseResult, SyncEvent, SyncPhase, SyncReport } from '../bindings/dto';
import { error, OFFLINE, SIGNED_OUT } from './errors';
import { plural } from './format';
import type { FakeMemory, Handlers } from './memory';
import { lastSync } from './outcomes';
import type { FakeCourse } from './world';

type Tell = (event: SyncEvent) => void;

/** Where a sync that never ends stands still: in the middle of fetching, or behind it. */
const STANDS_STILL = 0.63;

function progress(
  courseId: string,
  course: FakeCourse | undefined,
  phase: SyncPhase,
  done: number,
): SyncEvent {
  const total = course?.videos.length ?? 12;
  const fetching = phase === 'fetching';
  const short = {
    waiting: 'waiting',
    listing: 'listing videos',
    fetching: `${Math.floor((done / total) * 100)} %`,
    finishing: 'finishing',
    chunking: 'finishing',
  }[phase];
  const counts = `${done} of ${plural(total, 'video')} · ${plural(done * 612, 'viewing record')}`;
  const text = {
    waiting: 'Waiting for its turn',
    listing: 'Listing folders and videos',
    fetching: counts,
    finishing: counts,
    chunking: 'Working out the chunks',
  }[phase];
  const remaining = fetching && done > 2 ? (total - done > total / 2 ? 110 : 20) : null;
  return {
    type: 'progress',
    courseId,
    phase,
    share: fetching ? done / total : null,
    short,
    text,
    remaining: remaining && (remaining > 60 ? 'about 2 min left' : 'less than a minute left'),
    remainingSecs: remaining,
    video: fetching ? (course?.videos[done]?.name ?? null) : null,
  };
}

async function run(memory: FakeMemory, ids: string[] | null, jobId: string, tell: Tell): Promise<SyncReport> {
  const stopped = () => memory.cancelled.has(jobId);
  const chosen = memory.courses.filter(({ id }) => !ids || ids.includes(id));
  tell({ type: 'started', courseIds: chosen.map(({ id }) => id) });
  const results: CourseResult[] = [];
  for (const course of chosen) {
    const known = memory.world.find(({ id }) => id === course.id);
    const total = known?.videos.length ?? 12;
    tell(progress(course.id, known, 'listing', 0));
    await memory.wait(400);
    if (memory.has('offline') || memory.has('signedout')) {
      const result: CourseResult = {
        ...lastSync(course.id, memory.scenarios),
        outcome: 'failed',
        text: 'Could not be synced',
        error: memory.has('offline') ? OFFLINE : SIGNED_OUT,
      };
      results.push(result);
      course.lastSync = result;
      tell({ type: 'courseDone', course: { ...course } });
      continue;
    }
    const still = memory.has('syncing');
    const end = still ? Math.floor(total * STANDS_STILL) : total;
    for (let done = 1; done <= end && !stopped(); done += 1) {
      tell(progress(course.id, known, 'fetching', done));
      if (!still && !memory.has('finishing')) await memory.wait(60);
    }
    while (still && !stopped()) await memory.wait(100);
    if (!stopped()) tell(progress(course.id, known, 'finishing', total));
    while (memory.has('finishing') && !stopped()) await memory.wait(100);
    if (!stopped()) tell(progress(course.id, known, 'chunking', total));
    const result: CourseResult = stopped()
      ? { ...lastSync(course.id, new Set()), outcome: 'stopped', text: 'Stopped; what was fetched is kept' }
      : {
          ...lastSync(course.id, memory.scenarios),
          at: 'Tue 24 Nov 2020, 09:02',
          ...(memory.has('partial') || memory.has('failed') ? {} : { text: 'Synced just now' }),
        };
    results.push(result);
    if (!stopped()) memory.fetched.add(course.id);
    const next = known ? { ...memory.summarise(known), lastSync: result } : { ...course, lastSync: result };
    memory.courses = memory.courses.map((other) => (other.id === course.id ? next : other));
    tell({ type: 'courseDone', course: next });
    if (stopped()) break;
  }
  const failed = results.filter(({ outcome }) => outcome === 'failed').length;
  return {
    cancelled: stopped(),
    courses: results,
    text: stopped()
      ? 'Stopped; what was fetched is kept'
      : failed
        ? `${plural(failed, 'course')} could not be synced`
        : `${plural(results.length, 'course')} synced, 1,204 new viewing records`,
  };
}

export const syncing = (memory: FakeMemory): Handlers => ({
  sync_start: ({
    courseIds,
    jobId,
    onEvent,
  }: {
    courseIds: string[] | null;
    jobId: string;
    onEvent: Tell;
  }) => {
    if (memory.has('busy'))
      throw error(
        'busy',
        'Another Panopto Video Analytics is writing this data folder',
        'Close it, then try again',
      );
    return run(memory, courseIds, jobId, onEvent);
  },
  job_cancel: ({ jobId }: { jobId: string }) => (memory.cancelled.add(jobId), null),
  start_sample: async ({ jobId, onEvent }: { jobId: string; onEvent: Tell }): Promise<AppState> => {
    memory.sample = true;
    memory.courses = memory.world.slice(0, 2).map((course) => memory.summarise(course));
    await run(memory, null, jobId, onEvent);
    if (memory.cancelled.has(jobId)) {
      memory.sample = false;
      memory.courses = [];
      throw error('cancelled', 'Stopped');
    }
    return memory.state();
  },
});

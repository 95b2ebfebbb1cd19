// The running sync: its progress, its end, how the end is reported, and which courses come next. The sample uses one
// too.

import { app } from './app.svelte';
import type { CourseResult, SyncEvent, SyncReport } from './bindings';
import { isAway } from './away';
import * as ipc from './ipc';

/** How far one course is in the running sync. */
export type Progress = Extract<SyncEvent, { type: 'progress' }>;

/** A running sync. */
export interface RunningSync {
  jobId: string;
  /** Courses that are not done, including those of `next`. */
  courseIds: string[];
  /** Courses to sync when this sync is over: they were added or asked for meanwhile. */
  next: string[];
  progress: Record<string, Progress>;
  stopping: boolean;
}

export class Syncs {
  running = $state<RunningSync | null>(null);
  /** The message that reported how the last sync ended. */
  #reported: number | null = null;

  /** Fetches what is new, for some courses or all, after the running sync if there is one. `anew`: everything once more. */
  async start(courseIds: string[] | null, anew = false): Promise<void> {
    if (this.running) return this.#queue(courseIds ?? []);
    // Nothing can be fetched yet: every way to a sync leads to signing in.
    if (app.signedOut) return app.go({ name: 'connect' });
    // The report of the last sync is out of date now.
    if (this.#reported !== null) app.messages.close(this.#reported);
    this.#reported = null;
    for (let wanted = courseIds, first = true; first || wanted?.length; first = false) {
      wanted = await this.#run(wanted, anew && first);
    }
    void app.refreshCourses();
  }

  /** One sync; returns the courses to go on with. None after a stop, or if nothing could be done. */
  async #run(courseIds: string[] | null, anew: boolean): Promise<string[]> {
    const jobId = this.#begin(courseIds ?? app.courses.map(({ id }) => id));
    let next: string[] = [];
    try {
      this.#tell(await ipc.syncStart(courseIds, anew, { jobId, onEvent: (event) => this.#take(event) }));
      if (!this.running?.stopping) next = this.running?.next.filter((id) => app.course(id)) ?? [];
    } catch (reason) {
      this.#reported = app.complain(reason);
    } finally {
      this.running = null;
    }
    return next;
  }

  /** Syncs the built-in sample courses; the state that comes back shows them. */
  async startSample(): Promise<void> {
    const jobId = this.#begin([]);
    try {
      app.take(await ipc.startSample({ jobId, onEvent: (event) => this.#take(event) }));
      app.go({ name: 'home' });
    } catch (reason) {
      app.complain(reason);
    } finally {
      this.running = null;
    }
  }

  stop(): void {
    if (!this.running) return;
    this.running.stopping = true;
    ipc.jobCancel(this.running.jobId).catch((reason: unknown) => app.complain(reason));
  }

  #begin(courseIds: string[]): string {
    const jobId = ipc.newJobId();
    this.running = { jobId, courseIds, next: [], progress: {}, stopping: false };
    return jobId;
  }

  #queue(courseIds: string[]): void {
    if (!this.running || this.running.stopping) return;
    const fresh = courseIds.filter((id) => !this.running?.courseIds.includes(id));
    this.running.next.push(...fresh);
    this.running.courseIds.push(...fresh);
  }

  #take(event: SyncEvent): void {
    if (!this.running) return;
    switch (event.type) {
      case 'started':
        this.running.courseIds = [...event.courseIds, ...this.running.next];
        break;
      case 'progress':
        this.running.progress[event.courseId] = event;
        // Captions come once a course is done, so there is news about it again.
        if (!this.running.courseIds.includes(event.courseId)) this.running.courseIds.push(event.courseId);
        break;
      case 'courseSoFar':
        app.takeCourse(event.course);
        if (app.currentCourse?.id === event.course.id) app.dataVersion += 1;
        break;
      case 'courseDone':
        delete this.running.progress[event.course.id];
        this.running.courseIds = this.running.courseIds.filter((id) => id !== event.course.id);
        app.takeCourse(event.course);
        app.dataVersion += 1;
        break;
    }
  }

  #tell(report: SyncReport): void {
    const reached = report.courses.some(({ outcome }) => outcome !== 'failed' && outcome !== 'cancelled');
    const refused = ({ error }: CourseResult) =>
      error !== null && (isAway(error) || error.code === 'bad-credentials');
    const unreachable = report.courses.find(refused);
    if (reached) app.reached();
    if (unreachable) app.note(unreachable.error);
    // If there is nothing else to say, the notice above the screen says it once for all courses.
    if (report.courses.length > 0 && report.courses.every(({ error }) => app.toldAbove(error))) return;
    // The course on screen says itself that it was stopped.
    const seen = report.courses.some(({ courseId }) => courseId === app.currentCourse?.id);
    if (report.cancelled && seen) return;
    const failed = !report.cancelled && report.courses.some(({ outcome }) => outcome === 'failed');
    this.#reported = app.tell(report.text, {
      hint: report.chunks?.hint ?? null,
      bad: failed || report.chunks !== null,
    });
  }
}

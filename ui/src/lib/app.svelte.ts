// The state of the window: what Rust said, which screen is shown, which jobs run, what is told in toasts.
//
// Deliberately absent: figures. Screens ask for them and hold them themselves.

import type {
  AppState,
  CourseResult,
  CourseSummary,
  DateRange,
  IpcError,
  PresetId,
  RangeChoice,
  RangeState,
  Settings,
  SyncEvent,
  SyncReport,
  Theme,
  ViewMemory,
} from './bindings/dto';
import { applyAppearance, darkQuery, themeOf } from './appearance';
import * as ipc from './ipc';
import { keyText } from './keys';
import { nameOf } from './names';
import { formatRoute, parseRoute, type Route } from './route';
import { Toasts, type Toast } from './toasts.svelte';

/** How far one course is in the running sync. */
export type Progress = Extract<SyncEvent, { type: 'progress' }>;

/** A running sync. */
export interface RunningSync {
  jobId: string;
  courseIds: string[];
  progress: Record<string, Progress>;
  stopping: boolean;
}

/** A running export. */
export interface RunningExport {
  jobId: string;
  text: string;
  share: number | null;
}

/** A course taken off the list since the program was started: as long as it runs, that can be taken back. */
export interface Removal {
  undo: string;
  name: string;
  /** What happened, in words. */
  text: string;
  courseId: string;
  /** The message that offers to take it back. */
  toast: number;
}

/** A sheet or dialog above the screen. */
export type Overlay = 'export' | 'shortcuts' | null;

/** Time for which chosen days must stand before they are kept: a drag is one choice. */
const KEPT_AFTER_MS = 400;

/** Whether an error says that the server is not there. */
const isAway = ({ code }: IpcError) => code === 'network' || code === 'timeout';

class App {
  /** What Rust said last; absent before the first answer. */
  state = $state.raw<AppState | null>(null);
  /** Why the first answer did not come. */
  failure = $state.raw<IpcError | null>(null);
  route = $state.raw<Route>({ name: 'home' });
  theme = $state<Theme>('light');
  overlay = $state<Overlay>(null);
  sync = $state<RunningSync | null>(null);
  exporting = $state.raw<RunningExport | null>(null);
  /** Why the last call that needed the server could not reach it; absent: it could. Told once, above the screen. */
  away = $state.raw<IpcError | null>(null);
  /** The message that told it where nothing else did. */
  #awayTold: number | null = null;
  /** Whether what is told of that was put away. */
  awayHidden = $state(false);
  /** Counts up when stored data changed, so that screens ask again. */
  dataVersion = $state(0);
  readonly messages = new Toasts();
  /** The message that tells how the last sync ended. */
  #reported: number | null = null;
  removals = $state.raw<Removal[]>([]);
  /** The sidebar, where the window is too narrow for it to stay open. */
  drawer = $state(false);
  /** What was looked for in each course, and which video was opened last: kept for the way back. */
  places: Record<string, { query: string; sessionId: string | null }> = {};
  /** The chosen days of each course that does not show all dates. Apart from `state`, because a drag changes them often. */
  ranges = $state.raw<Record<string, RangeChoice>>({});
  #rangesKept: ReturnType<typeof setTimeout> | undefined;

  courses = $derived(this.state?.courses ?? []);
  /** What can be taken back, the last removal first; not what was added again meanwhile. */
  undoable = $derived(this.removals.filter(({ courseId }) => !this.course(courseId)));
  /** Whether someone must sign in before anything can be fetched. */
  signedOut = $derived(
    this.state !== null &&
      !this.state.sample &&
      this.state.signIn.state !== 'signedIn' &&
      this.state.configured,
  );

  course(id: string): CourseSummary | undefined {
    return this.courses.find((course) => course.id === id);
  }

  range(courseId: string): DateRange | null {
    return this.ranges[courseId]?.range ?? null;
  }

  /** Chooses days; those of a ready-made choice move on with the data, at this run and the next. */
  setRange(courseId: string, range: DateRange | null, preset: PresetId | null = null): void {
    const { [courseId]: before, ...others } = this.ranges;
    if (!range && !before) return;
    this.ranges = range ? { ...others, [courseId]: { preset, range } } : others;
    clearTimeout(this.#rangesKept);
    this.#rangesKept = setTimeout(() => this.#keepRanges(), KEPT_AFTER_MS);
  }

  #keepRanges(): void {
    this.#rangesKept = undefined;
    this.remember({ ranges: this.ranges });
  }

  /** Brings the chosen days of a course in line with what its data are now. */
  followData(courseId: string, { domain, until, presets }: RangeState): void {
    const choice = this.ranges[courseId];
    if (!choice) return;
    if (choice.preset) {
      const days = presets.find(({ id }) => id === choice.preset)?.range ?? null;
      if (days?.from !== choice.range.from || days.to !== choice.range.to)
        this.setRange(courseId, days, choice.preset);
      return;
    }
    // ISO dates are in the order of their letters.
    const end = domain && until && until > domain.to ? until : domain?.to;
    if (!domain || !end || choice.range.to < domain.from || choice.range.from > end)
      this.setRange(courseId, null);
  }

  /** Forgets what waits to be kept. */
  dropPending(): void {
    clearTimeout(this.#rangesKept);
    this.#rangesKept = undefined;
  }

  place(courseId: string): { query: string; sessionId: string | null } {
    return (this.places[courseId] ??= { query: '', sessionId: null });
  }

  // Screens

  go(route: Route): void {
    this.drawer = false;
    const hash = formatRoute(route);
    if (hash === location.hash) this.route = route;
    else location.hash = hash;
  }

  /** Takes the screen from the address. */
  readRoute(): void {
    this.route = parseRoute(location.hash);
    // From here on it is told above the screen.
    if (this.#awayTold !== null && this.toldAbove(this.away)) {
      this.messages.close(this.#awayTold);
      this.#awayTold = null;
    }
    if (this.route.name === 'course' || this.route.name === 'video') {
      this.remember({ courseId: this.route.courseId });
    }
  }

  /** The course on screen, where there is one. */
  get currentCourse(): CourseSummary | undefined {
    return this.route.name === 'course' || this.route.name === 'video'
      ? this.course(this.route.courseId)
      : undefined;
  }

  remember(part: Partial<ViewMemory>): void {
    if (!this.state) return;
    const view = { ...this.state.view, ...part };
    if (JSON.stringify(view) === JSON.stringify(this.state.view)) return;
    this.state = { ...this.state, view };
    ipc.viewRemember(view).catch(() => undefined);
  }

  // Answers

  async load(): Promise<void> {
    try {
      this.take(await ipc.appState());
      this.failure = null;
    } catch (reason) {
      this.failure = ipc.asIpcError(reason);
    }
  }

  /** Takes a whole new state, and leaves screens that make no sense in it. */
  take(state: AppState): void {
    // A removal can be taken back in the data folder it was made in.
    const elsewhere = this.state?.dataFolder !== state.dataFolder || this.state.sample !== state.sample;
    if (elsewhere) {
      this.removals = [];
      this.dropPending();
    }
    if (this.#rangesKept === undefined) this.ranges = state.view.ranges;
    this.state = state;
    this.dataVersion += 1;
    applyAppearance(state.appearance);
    this.theme = themeOf(state.appearance);
    const route = this.route;
    if ((route.name === 'course' || route.name === 'video') && !this.course(route.courseId)) {
      this.go({ name: 'home' });
    }
  }

  takeCourses(courses: CourseSummary[]): void {
    if (this.state) this.state = { ...this.state, courses };
  }

  /** Asks for the courses again: the words of their last syncs, such as `just now`, grow old. */
  async refreshCourses(): Promise<void> {
    if (!this.state || this.sync) return;
    const before = this.courses;
    try {
      const courses = await ipc.coursesList();
      // What changed meanwhile is newer than this answer.
      if (this.courses === before && JSON.stringify(courses) !== JSON.stringify(before))
        this.takeCourses(courses);
    } catch {
      // Nobody asked; the next one will tell.
    }
  }

  takeCourse(course: CourseSummary): void {
    this.takeCourses(this.courses.map((known) => (known.id === course.id ? course : known)));
  }

  patch(part: Partial<AppState>): void {
    if (this.state) this.state = { ...this.state, ...part };
  }

  takeSettings(settings: Settings): void {
    this.patch({ appearance: settings.appearance, dataFolder: settings.dataFolder });
    applyAppearance(settings.appearance);
    this.theme = themeOf(settings.appearance);
  }

  /** Notes what an error says about the world, and hands it on. */
  note(reason: unknown): IpcError {
    const error = ipc.asIpcError(reason);
    // The sample has its server in itself; that nobody came back from the browser is no fault of the server.
    const waited = error.code === 'timeout' && this.route.name === 'connect';
    if (isAway(error) && !waited && !this.state?.sample) {
      this.away = error;
      this.awayHidden = false;
    }
    if (error.code === 'bad-credentials' && this.state?.signIn.state === 'signedIn') {
      this.patch({ signIn: { state: 'signedOut', reason: error.message } });
    }
    return error;
  }

  /** The server answered. */
  reached(): void {
    this.away = null;
    this.awayHidden = false;
  }

  /** Whether an error is told above the screen already, so that no place below need say it again. */
  toldAbove(error: IpcError | null | undefined): boolean {
    if (!error || !this.state || this.state.sample || this.route.name === 'connect') return false;
    if (isAway(error)) return this.away !== null;
    return error.code === 'bad-credentials' && this.away === null && this.signedOut;
  }

  // Messages

  tell(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
    return this.messages.tell(text, options);
  }

  /** Tells an error that has no place of its own on screen. */
  complain(reason: unknown): number | null {
    const error = this.note(reason);
    if (error.code === 'cancelled' || this.toldAbove(error)) return null;
    const told = this.tell(error.message, { hint: error.hint, bad: true });
    if (isAway(error)) this.#awayTold = told;
    return told;
  }

  // Jobs

  #onSyncEvent(event: SyncEvent): void {
    if (!this.sync) return;
    switch (event.type) {
      case 'started':
        this.sync.courseIds = event.courseIds;
        break;
      case 'progress':
        this.sync.progress[event.courseId] = event;
        break;
      case 'courseDone':
        delete this.sync.progress[event.course.id];
        this.sync.courseIds = this.sync.courseIds.filter((id) => id !== event.course.id);
        this.takeCourse(event.course);
        this.dataVersion += 1;
        break;
    }
  }

  /** Fetches what is new, of some courses or of all. */
  async startSync(courseIds: string[] | null): Promise<void> {
    if (this.sync) return;
    const jobId = ipc.newJobId();
    // What was said of the last sync, and what was offered, is over with this one.
    this.messages.closeOffers();
    if (this.#reported !== null) this.messages.close(this.#reported);
    this.#reported = null;
    this.sync = {
      jobId,
      courseIds: courseIds ?? this.courses.map(({ id }) => id),
      progress: {},
      stopping: false,
    };
    try {
      const report = await ipc.syncStart(courseIds, { jobId, onEvent: (event) => this.#onSyncEvent(event) });
      this.#tellReport(report);
    } catch (reason) {
      this.#reported = this.complain(reason);
    } finally {
      this.sync = null;
      void this.refreshCourses();
    }
  }

  #tellReport(report: SyncReport): void {
    const reached = report.courses.some(({ outcome }) => outcome === 'done' || outcome === 'partial');
    const refused = ({ error }: CourseResult) =>
      error !== null && (isAway(error) || error.code === 'bad-credentials');
    const unreachable = report.courses.find(refused);
    if (reached) this.reached();
    if (unreachable) this.note(unreachable.error);
    // Where nothing else is to be told, it is told above the screen, once for all courses.
    if (report.courses.length > 0 && report.courses.every(({ error }) => this.toldAbove(error))) return;
    // The course on screen says itself that it was stopped.
    const seen = report.courses.some(({ courseId }) => courseId === this.currentCourse?.id);
    if (report.cancelled && seen) return;
    this.#reported = this.tell(report.text, {
      bad: !report.cancelled && report.courses.some(({ outcome }) => outcome === 'failed'),
    });
  }

  /** Syncs the built-in sample courses; the state that comes back shows them. */
  async startSample(): Promise<void> {
    const jobId = ipc.newJobId();
    this.sync = { jobId, courseIds: [], progress: {}, stopping: false };
    try {
      this.take(await ipc.startSample({ jobId, onEvent: (event) => this.#onSyncEvent(event) }));
      this.go({ name: 'home' });
    } catch (reason) {
      this.complain(reason);
    } finally {
      this.sync = null;
    }
  }

  async leaveSample(next: Route = { name: 'home' }): Promise<void> {
    try {
      this.take(await ipc.leaveSample());
      this.go(next);
    } catch (reason) {
      this.complain(reason);
    }
  }

  stopSync(): void {
    if (!this.sync) return;
    this.sync.stopping = true;
    ipc.jobCancel(this.sync.jobId).catch((reason: unknown) => this.complain(reason));
  }

  // Removing and taking it back

  async removeCourse(course: CourseSummary, deleteData: boolean): Promise<void> {
    try {
      const { undo, text } = await ipc.courseRemove(course.id, deleteData);
      const wasCurrent = this.currentCourse?.id === course.id;
      this.messages.closeOffers(course.id);
      this.takeCourses(this.courses.filter(({ id }) => id !== course.id));
      if (wasCurrent) this.go({ name: 'home' });
      const keys = keyText('Mod+Z', this.state?.platform ?? 'linux');
      const toast = this.tell(text, {
        action: { label: 'Undo', keys, run: () => void this.undoRemoval(undo) },
      });
      const name = nameOf(course.name);
      this.removals = [{ undo, name, text, courseId: course.id, toast }, ...this.removals];
    } catch (reason) {
      this.complain(reason);
    }
  }

  /** Puts a removed course back with its place and its data; the last one, if it is not said which. */
  async undoRemoval(undo = this.undoable[0]?.undo): Promise<void> {
    const removal = this.removals.find((one) => one.undo === undo);
    if (!removal) return;
    this.removals = this.removals.filter((one) => one !== removal);
    this.messages.close(removal.toast);
    try {
      this.takeCourses(await ipc.courseRemoveUndo(removal.undo));
      this.go({ name: 'course', courseId: removal.courseId });
    } catch (reason) {
      // What another program holds back now may be let go later; what is gone is gone.
      if (ipc.asIpcError(reason).code !== 'not-found') this.removals = [removal, ...this.removals];
      this.complain(reason);
    }
  }

  async exportAgain(): Promise<void> {
    if (this.exporting || !this.state?.exportMemory) return;
    const jobId = ipc.newJobId();
    this.exporting = { jobId, text: 'Exporting', share: null };
    try {
      const report = await ipc.exportAgain({
        jobId,
        onEvent: ({ share, text }) => (this.exporting = { jobId, share, text }),
      });
      this.patch({ exportMemory: report.memory });
      this.tell(report.text, { hint: report.folder, action: openFolderAction('export') });
    } catch (reason) {
      this.complain(reason);
    } finally {
      this.exporting = null;
    }
  }
}

/** A toast's *Open folder*. */
export function openFolderAction(folder: 'export' | 'chart') {
  return {
    label: 'Open folder',
    run: () => void ipc.openFolder(folder).catch((reason: unknown) => app.complain(reason)),
  };
}

/** The state of this window. */
export const app = new App();

/** Follows the system's light and dark, the address, and Rust's events; call the result to stop. */
export async function connectApp(): Promise<() => void> {
  const query = darkQuery();
  const onTheme = () => {
    if (app.state) app.theme = themeOf(app.state.appearance);
  };
  const onHash = () => app.readRoute();
  query?.addEventListener('change', onTheme);
  addEventListener('hashchange', onHash);
  app.readRoute();
  const minute = setInterval(() => void app.refreshCourses(), 60_000);
  const stops = await Promise.all([
    ipc.onDataChanged((courseIds) => {
      app.dataVersion += 1;
      ipc.coursesList().then(
        (courses) => app.takeCourses(courses),
        (reason: unknown) => app.complain(reason),
      );
      void courseIds;
    }),
    ipc.onSettingsChanged((settings) => app.takeSettings(settings)),
  ]);
  return () => {
    query?.removeEventListener('change', onTheme);
    removeEventListener('hashchange', onHash);
    clearInterval(minute);
    stops.forEach((stop) => stop());
  };
}

/** Puts everything back, for tests. */
export function resetApp(): void {
  app.messages.closeAll();
  app.dropPending();
  Object.assign(app, {
    state: null,
    failure: null,
    route: { name: 'home' },
    overlay: null,
    sync: null,
    exporting: null,
    away: null,
    awayHidden: false,
    drawer: false,
    ranges: {},
    places: {},
    removals: [],
  });
}

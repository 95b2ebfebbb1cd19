// The state of the window: the last answer from Rust, the current screen, running jobs, and toasts.
//
// Deliberately absent: figures. Screens ask for them and hold them themselves.

import type {
  AppState,
  CourseSummary,
  Discretion,
  IpcError,
  PeopleRequest,
  Settings,
  Theme,
  ViewMemory,
} from './bindings';
import { applyAppearance, themeOf } from './appearance';
import { isAway } from './away';
import { ChosenDays } from './chosenDays.svelte';
import * as ipc from './ipc';
import { Removals } from './removals.svelte';
import { courseOf, formatRoute, parseRoute, type Route } from './route';
import { Syncs, type RunningSync } from './syncs.svelte';
import { Toasts, type Toast } from './toasts.svelte';

/** A running export. */
export interface RunningExport {
  jobId: string;
  text: string;
  share: number | null;
}

/** A sheet or dialog above the screen. */
export type Overlay = 'export' | 'guide' | 'shortcuts' | null;

/** The user's position in a course: the search text, the video opened last, and the list it was opened from. */
export interface Place {
  query: string;
  sessionId: string | null;
  list: { sessionId: string; name: string }[];
  /** Whom of the course is shown, in which order, and who was opened last. */
  people: Pick<PeopleRequest, 'show' | 'order' | 'reversed' | 'query'> & { key: string | null };
}

class App {
  /** The last answer from Rust; absent before the first. */
  state = $state.raw<AppState | null>(null);
  /** Why the first answer did not come. */
  failure = $state.raw<IpcError | null>(null);
  route = $state.raw<Route>({ name: 'home' });
  theme = $state<Theme>('light');
  overlay = $state<Overlay>(null);
  readonly syncs = new Syncs();
  exporting = $state.raw<RunningExport | null>(null);
  /** Why the last call that needed the server could not reach it; absent if it could. Shown once, above the screen. */
  away = $state.raw<IpcError | null>(null);
  /** The message that reported it, if nothing else did. */
  #awayTold: number | null = null;
  /** Whether that notice was dismissed. */
  awayHidden = $state(false);
  /** Counts up when stored data changed, so that screens reload. */
  dataVersion = $state(0);
  readonly messages = new Toasts();
  readonly removals = new Removals();
  /** The sidebar, in windows too narrow to keep it open. */
  drawer = $state(false);
  /** The user's position in each course, kept for coming back. */
  places: Record<string, Place> = {};
  /** The name of the video or person on screen, for the title of the window. */
  shownName = $state<string | null>(null);
  /** Whether the chart across time of a video shows its own days, not those of the course. */
  itsDays = $state(false);
  /** Whether the timeline of a video outlines what is usual for its course. */
  usual = $state(false);
  /** The second at which the video that is opened next is looked at first. */
  openAt: { sessionId: string; atSecs: number } | null = null;
  /** The chosen days of each course. Separate from `state`, because dragging changes them often. */
  readonly days = new ChosenDays((ranges) => {
    // Whole weeks that are presented do not replace the days that were chosen.
    if (!this.presenting) this.remember({ ranges });
  });

  courses = $derived(this.state?.courses ?? []);
  /** Whether others see the screen. Rust then sends nothing that names or betrays one person. */
  presenting = $derived(this.state?.discretion.presents ?? false);
  /** Whether people have their names. */
  showNames = $derived(this.state?.discretion.namesShown ?? false);
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

  place(courseId: string): Place {
    return (this.places[courseId] ??= {
      query: '',
      sessionId: null,
      list: [],
      people: { show: 'everybody', order: { by: 'behind' }, reversed: false, query: '', key: null },
    });
  }

  // Screens

  go(route: Route): void {
    this.drawer = false;
    const hash = formatRoute(route);
    if (hash !== location.hash) location.hash = hash;
    // Not only with the event of the new address, which comes after a frame of the screen before.
    this.readRoute();
  }

  /** Takes the screen from the address. */
  readRoute(): void {
    const route = parseRoute(location.hash);
    // The event of an address that `go` has read already.
    if (JSON.stringify(route) === JSON.stringify(this.route)) return;
    this.route = route;
    // From here on the notice above the screen reports it.
    if (this.#awayTold !== null && this.toldAbove(this.away)) {
      this.messages.close(this.#awayTold);
      this.#awayTold = null;
    }
    const courseId = courseOf(this.route);
    if (courseId) this.remember({ courseId });
  }

  /** The course on screen, if there is one. */
  get currentCourse(): CourseSummary | undefined {
    return this.course(courseOf(this.route) ?? '');
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
    // A removal can be undone only in the data folder where it was made.
    const elsewhere = this.state?.dataFolder !== state.dataFolder || this.state.sample !== state.sample;
    if (elsewhere) {
      this.removals.forget();
      this.days.dropPending();
    }
    this.days.take(state.view.ranges);
    this.state = state;
    this.dataVersion += 1;
    applyAppearance(state.appearance);
    this.theme = themeOf(state.appearance);
    const courseId = courseOf(this.route);
    if (courseId && !this.course(courseId)) this.go({ name: 'home' });
  }

  /** Begins or stops presenting. */
  async setPresenting(presents: boolean): Promise<void> {
    try {
      const state = await ipc.setPresenting(presents);
      this.overlay = null;
      this.messages.closeAll();
      this.days.dropPending();
      this.shownName = null;
      this.take(state);
    } catch (reason) {
      this.complain(reason);
    }
  }

  /** Says that something is closed while presenting, before anything of it is opened. */
  tellClosed(): void {
    this.tell('This is closed while presenting', { hint: 'Stop presenting first' });
  }

  /** What may be seen of people has changed: every screen asks again. */
  takeDiscretion(discretion: Discretion): void {
    if (!this.state || JSON.stringify(discretion) === JSON.stringify(this.state.discretion)) return;
    this.patch({ discretion });
    this.dataVersion += 1;
  }

  takeCourses(courses: CourseSummary[]): void {
    if (this.state) this.state = { ...this.state, courses };
  }

  /** Reloads the courses, because the words of their last syncs, such as `just now`, grow old. */
  async refreshCourses(): Promise<void> {
    if (!this.state || this.sync) return;
    const before = this.courses;
    try {
      const courses = await ipc.coursesList();
      // Changes made meanwhile are newer than this answer.
      if (this.courses === before && JSON.stringify(courses) !== JSON.stringify(before))
        this.takeCourses(courses);
    } catch {
      // Nobody asked for this; the next call reports the error.
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

  /** Records what an error says about server and sign-in, and returns it. */
  note(reason: unknown): IpcError {
    const error = ipc.asIpcError(reason);
    // The sample brings its own server, and if nobody returned from the browser, the server is not to blame.
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

  /** Whether the notice above the screen already reports an error, so that no place below needs to. */
  toldAbove(error: IpcError | null | undefined): boolean {
    if (!error || !this.state || this.state.sample || this.route.name === 'connect') return false;
    if (isAway(error)) return this.away !== null;
    const signedOut = error.code === 'bad-credentials' || error.code === 'not-configured';
    return signedOut && this.away === null && this.signedOut;
  }

  // Messages

  tell(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
    return this.messages.tell(text, options);
  }

  /** Reports an error that has no place of its own on screen. */
  complain(reason: unknown): number | null {
    const error = this.note(reason);
    if (error.code === 'cancelled' || this.toldAbove(error)) return null;
    const told = this.tell(error.message, { hint: error.hint, bad: true });
    if (isAway(error)) this.#awayTold = told;
    return told;
  }

  // Jobs

  /** The running sync. */
  get sync(): RunningSync | null {
    return this.syncs.running;
  }

  async leaveSample(next: Route = { name: 'home' }): Promise<void> {
    try {
      this.take(await ipc.leaveSample());
      this.go(next);
    } catch (reason) {
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

/** Resets everything, for tests. */
export function resetApp(): void {
  app.messages.closeAll();
  app.days.dropPending();
  app.days.take({});
  app.removals.forget();
  app.syncs.running = null;
  Object.assign(app, {
    state: null,
    failure: null,
    route: { name: 'home' },
    overlay: null,
    exporting: null,
    away: null,
    awayHidden: false,
    drawer: false,
    places: {},
    shownName: null,
    itsDays: false,
    usual: false,
    openAt: null,
  });
}

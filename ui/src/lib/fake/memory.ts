// What the fake remembers between two commands: courses, sign-in, settings, what runs. A new one for each page or test.

import type {
  AppState,
  Connection,
  CourseSummary,
  ExportChoice,
  ExportMemory,
  Settings,
  SignIn,
} from '../bindings/dto';
import { error, OFFLINE, SIGNED_OUT } from './errors';
import { courseViewers } from './figures';
import { count, none, plural } from './format';
import { lastSync } from './outcomes';
import type { Scenario } from './scenario';
import { makeCourse, type FakeCourse, type FakeVideo, type WorldOptions } from './world';

// Arguments cross as in the real bridge: named, and typed only by who reads them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Handlers = Record<string, (args: any) => unknown>;

export class FakeMemory {
  readonly scenarios: Set<Scenario>;
  readonly worldOptions: Omit<WorldOptions, 'videos'>;
  /** Every course the server has that is or was on the list. */
  readonly world: FakeCourse[];
  /** Jobs that were asked to stop. */
  readonly cancelled = new Set<string>();
  /** Courses whose first sync is over. */
  readonly fetched = new Set<string>();
  /** The list before each removal. */
  readonly removed = new Map<string, CourseSummary[]>();
  sample: boolean;
  courses: CourseSummary[];
  signIn: SignIn;
  connection: Connection;
  settings: Settings;
  exportFolder: string | null;
  exportChoice: ExportChoice = { courseIds: null, pseudonyms: true, formulaGuard: false };
  exportLast: string | null;
  view: AppState['view'] = {
    courseId: null,
    tab: 'map',
    mapMeasure: 'reached',
    heatMeasure: 'viewers',
    tableSort: { key: 'order', up: true },
    ranges: {},
  };
  readonly #pace: number;

  constructor(scenarios: Set<Scenario>, pace: number) {
    this.scenarios = scenarios;
    this.#pace = pace;
    this.worldOptions = { viewers: 187, hardNames: this.has('long'), watched: !this.has('unwatched') };
    this.world = this.#makeWorld();
    this.sample = this.has('sample');
    this.courses =
      this.has('welcome') || this.has('empty') ? [] : this.world.map((course) => this.summarise(course));
    this.signIn = this.#firstSignIn();
    this.connection = this.#firstConnection();
    this.settings = {
      dataFolder: '/home/maya/.local/share/panopto-video-analytics',
      dataFolderToCome: this.has('welcome') || this.has('empty'),
      timeZone: null,
      computerTimeZone: 'America/Vancouver',
      appearance: this.has('dark') ? 'dark' : this.has('light') ? 'light' : 'system',
      lookbackDays: 2,
      mostLookbackDays: 365,
      logFolder: '/home/maya/.local/share/panopto-video-analytics/logs',
    };
    this.exportFolder = this.has('exported') ? '/home/maya/Documents/Tableau' : null;
    this.exportLast = this.has('exported') ? 'Mon 23 Nov 2020, 08:20' : null;
  }

  has(scenario: Scenario): boolean {
    return this.scenarios.has(scenario);
  }

  wait(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms * this.#pace));
  }

  #makeWorld(): FakeCourse[] {
    const options = this.worldOptions;
    const long = this.has('long');
    const many = this.has('many');
    const world = [
      makeCourse(
        290,
        long
          ? 'COMM 290 2021W1 – Introduction to quantitative decision making, sections 101 to 112 and مقدمة في التحليل الكمي'
          : 'COMM 290 2021W1',
        { ...options, videos: many ? 2000 : 42, viewers: many ? 60 : 187 },
      ),
      makeCourse(293, long ? '財務会計入門 二〇二一年度 冬学期 合同クラス（全十二回）' : 'COMM 293 2021W1', {
        ...options,
        videos: 26,
        viewers: 142,
      }),
      makeCourse(101, long ? 'אל״ף בי״ת: מבוא' : 'Writing centre workshops', {
        ...options,
        videos: 7,
        viewers: 31,
      }),
    ];
    if (this.has('novideos')) world.forEach((course) => (course.videos = []));
    if (this.has('manycourses')) {
      for (let index = 0; index < 57; index += 1) {
        const name = `COMM ${300 + index} 2021W${1 + (index % 2)}`;
        world.push(makeCourse(1000 + index, name, { ...options, videos: 3, viewers: 20 }));
      }
    }
    return world;
  }

  #firstSignIn(): SignIn {
    if (this.has('welcome')) return { state: 'notConfigured' };
    if (this.has('signedout')) return { state: 'signedOut', reason: SIGNED_OUT.message };
    return {
      state: 'signedIn',
      name: this.has('long') ? 'Maximiliane Freifrau von und zu Hohenstein-Wittelsbach' : 'Maya Okafor',
      server: 'ubc.ca.panopto.com',
      method: 'browser',
      sessionOnly: this.has('nokeychain'),
    };
  }

  #firstConnection(): Connection {
    const empty = this.has('welcome');
    return {
      server: empty ? '' : 'ubc.ca.panopto.com',
      clientId: empty ? '' : '2b0c94a5-6a1c-4c5e-9d2f-acd70013fa1e',
      hasClientSecret: !empty,
      pkce: false,
      userName: '',
      hasPassword: false,
      signIn: this.signIn,
      keychain: this.has('nokeychain')
        ? {
            available: false,
            text: 'No keychain was found on this computer: what you enter here is forgotten when the program is closed',
          }
        : { available: true, text: 'Secrets are kept in the system’s keychain and nowhere else' },
      redirectUrl: 'http://127.0.0.1:9127/redirect',
    };
  }

  setSignIn(next: SignIn): Connection {
    this.signIn = next;
    this.connection = { ...this.connection, signIn: next };
    return this.connection;
  }

  /** A course as the sidebar shows it. */
  summarise(course: FakeCourse): CourseSummary {
    const hasData = !this.has('nodata') || this.fetched.has(course.id);
    const viewers = courseViewers(course, null);
    return {
      id: course.id,
      name: course.name,
      hasData,
      videos: hasData ? count(course.videos.length) : none,
      viewers: hasData ? count(viewers) : none,
      videosText: hasData ? plural(course.videos.length, 'video') : 'no videos yet',
      viewersText: hasData ? plural(viewers, 'viewer') : 'no viewers yet',
      dataUpTo: hasData ? 'Sun 22 Nov 2020' : null,
      lastSync:
        hasData || this.has('failed') || this.has('stopped') ? lastSync(course.id, this.scenarios) : null,
    };
  }

  exportMemory(): ExportMemory | null {
    return this.exportFolder
      ? { folder: this.exportFolder, choice: this.exportChoice, last: this.exportLast }
      : null;
  }

  state(): AppState {
    return {
      configured:
        !this.has('welcome') || this.sample || this.courses.length > 0 || this.connection.server !== '',
      sample: this.sample,
      signIn: this.signIn,
      dataFolder: this.settings.dataFolder,
      appearance: this.settings.appearance,
      platform: this.has('mac') ? 'mac' : 'linux',
      courses: this.courses,
      view: this.view,
      exportMemory: this.exportMemory(),
      notices: this.has('busy')
        ? [
            {
              message: 'Another Panopto Video Analytics is writing this data folder',
              hint: 'You can look, but not sync until it is closed',
              action: 'retry',
            },
          ]
        : [],
    };
  }

  courseOf(id: string): FakeCourse {
    const course = this.world.find((known) => known.id === id);
    if (!course || !this.courses.some((known) => known.id === id))
      throw error('not-found', 'This course is no longer on the course list', 'Choose another course');
    if (this.has('broken'))
      throw error(
        'data-file-invalid',
        'Line 1,204 of database/COMM 290 2021W1[…]/viewing_activity.csv has 7 of 10 columns',
        'Restore the file from a backup, or remove the course with its data and add it again',
      );
    return course;
  }

  videoOf(course: FakeCourse, id: string): FakeVideo {
    const video = course.videos.find((known) => known.id === id);
    if (!video)
      throw error(
        'not-found',
        'This video is no longer in the course',
        'It may have been moved or deleted in Panopto',
      );
    return video;
  }

  /** Refuses what only the server can answer, where it cannot be reached or nobody is signed in. */
  needServer(): void {
    if (this.has('offline')) throw OFFLINE;
    if (this.signIn.state !== 'signedIn' && !this.sample) throw SIGNED_OUT;
  }
}

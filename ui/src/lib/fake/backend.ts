// A whole backend in the browser: every command of docs/ipc.md over made-up courses, so that every state of every
// screen can be opened in a plain browser and tested. Left out of the real build.

import type {
  AddReport,
  AppState,
  Connection,
  CourseResult,
  CourseSummary,
  DateRange,
  ExportChoice,
  ExportPreview,
  ExportReport,
  IpcError,
  Settings,
  SignIn,
  SyncEvent,
  SyncReport,
} from '../bindings/dto';
import type { Transport } from '../ipc';
import { courseViewers } from './figures';
import { count, none, plural } from './format';
import { mapRow, overview, timelines, videoPage } from './looking';
import type { Scenario } from './scenario';
import { makeCourse, type FakeCourse, type FakeVideo } from './world';

// Arguments cross as in the real bridge: named, and typed only by who reads them.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Handler = (args: any) => unknown;

const error = (code: IpcError['code'], message: string, hint: string | null = null): IpcError => ({
  code,
  message,
  hint,
});

const OFFLINE = error(
  'network',
  'ubc.ca.panopto.com cannot be reached',
  'Check the connection to the internet and try again; your data is still here',
);
const SIGNED_OUT = error('bad-credentials', 'The sign-in at ubc.ca.panopto.com has ended', 'Sign in again');

const AT = 'Mon 23 Nov 2020, 08:15';

function lastSync(courseId: string, scenarios: Set<Scenario>): CourseResult {
  const base = { courseId, at: AT, error: null, failures: [], failuresLeftOff: 0 };
  if (scenarios.has('failed'))
    return {
      ...base,
      outcome: 'failed',
      text: 'Could not be synced',
      error: {
        ...OFFLINE,
        code: 'no-rights',
        message: 'You have no right to see the Panopto folder “COMM 290 2021W1”',
        hint: 'Ask its owner to share it with you, then try again',
      },
    };
  if (scenarios.has('partial'))
    return {
      ...base,
      outcome: 'partial',
      text: '2 of 42 videos could not be fetched',
      failures: [
        {
          video: 'Costs II: break-even',
          code: 'timeout',
          message: 'The server did not answer in 60 seconds',
        },
        {
          video: 'Guest lecture: pricing at an airline',
          code: 'server-rejected',
          message: 'The server refused GetSessionExtendedDetailedUsage: Session is being processed',
        },
      ],
    };
  return { ...base, outcome: 'done', text: 'Synced 2 hours ago' };
}

/** What the fake remembers; a new one for each page or test. */
export function fakeBackend(
  scenarios: Set<Scenario> = new Set(),
  options: { pace?: number } = {},
): Transport & {
  emit(event: string, payload: unknown): void;
  calls: { command: string; args: Record<string, unknown> }[];
} {
  const has = (scenario: Scenario) => scenarios.has(scenario);
  const pace = options.pace ?? 1;
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const calls: { command: string; args: Record<string, unknown> }[] = [];
  const cancelled = new Set<string>();
  const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms * pace));

  const worldOptions = { viewers: 187, hardNames: has('long'), watched: !has('unwatched') };
  const world: FakeCourse[] = [
    makeCourse(
      290,
      has('long')
        ? 'COMM 290 2021W1 – Introduction to quantitative decision making, sections 101 to 112 and مقدمة في التحليل الكمي'
        : 'COMM 290 2021W1',
      { ...worldOptions, videos: has('many') ? 2000 : 42, viewers: has('many') ? 60 : 187 },
    ),
    makeCourse(
      293,
      has('long') ? '財務会計入門 二〇二一年度 冬学期 合同クラス（全十二回）' : 'COMM 293 2021W1',
      { ...worldOptions, videos: 26, viewers: 142 },
    ),
    makeCourse(101, has('long') ? 'אל״ף בי״ת: מבוא' : 'Writing centre workshops', {
      ...worldOptions,
      videos: 7,
      viewers: 31,
    }),
  ];
  if (has('manycourses')) {
    for (let index = 0; index < 57; index += 1) {
      world.push(
        makeCourse(1000 + index, `COMM ${300 + index} 2021W${1 + (index % 2)}`, {
          ...worldOptions,
          videos: 3,
          viewers: 20,
        }),
      );
    }
  }

  const summarise = (course: FakeCourse): CourseSummary => {
    const hasData = !has('nodata');
    const viewers = courseViewers(course, null);
    return {
      id: course.id,
      name: course.name,
      hasData,
      videos: hasData ? count(course.videos.length) : none,
      viewers: hasData ? count(viewers) : none,
      videosText: hasData ? plural(course.videos.length, 'video') : '',
      viewersText: hasData ? plural(viewers, 'viewer') : '',
      dataUpTo: hasData ? 'Sun 22 Nov 2020' : null,
      lastSync: hasData ? lastSync(course.id, scenarios) : null,
    };
  };

  let sample = has('sample');
  let courses: CourseSummary[] = has('welcome') || has('empty') ? [] : world.map(summarise);
  const removed = new Map<string, CourseSummary[]>();

  let signIn: SignIn = has('welcome')
    ? { state: 'notConfigured' }
    : has('signedout')
      ? { state: 'signedOut', reason: SIGNED_OUT.message }
      : {
          state: 'signedIn',
          name: 'Maya Okafor',
          server: 'ubc.ca.panopto.com',
          method: 'browser',
          sessionOnly: has('nokeychain'),
        };
  let connection: Connection = {
    server: has('welcome') ? '' : 'ubc.ca.panopto.com',
    clientId: has('welcome') ? '' : '2b0c94a5-6a1c-4c5e-9d2f-acd70013fa1e',
    hasClientSecret: !has('welcome'),
    pkce: false,
    userName: '',
    hasPassword: false,
    signIn,
    keychain: has('nokeychain')
      ? {
          available: false,
          text: 'No keychain was found on this computer: what you enter here is forgotten when the program is closed',
        }
      : { available: true, text: 'Secrets are kept in the system’s keychain and nowhere else' },
    redirectUrl: 'http://127.0.0.1:9127/redirect',
  };
  const setSignIn = (next: SignIn) => {
    signIn = next;
    connection = { ...connection, signIn };
    return connection;
  };
  const signedIn = (name: string, method: 'browser' | 'password') =>
    setSignIn({ state: 'signedIn', name, server: connection.server, method, sessionOnly: has('nokeychain') });

  let settings: Settings = {
    dataFolder: '/home/maya/.local/share/panopto-video-analytics',
    timeZone: null,
    computerTimeZone: 'America/Vancouver',
    appearance: has('dark') ? 'dark' : has('light') ? 'light' : 'system',
    lookbackDays: 2,
    logFolder: '/home/maya/.local/share/panopto-video-analytics/logs',
  };

  let exportFolder: string | null = has('exported') ? '/home/maya/Documents/Tableau' : null;
  let exportChoice: ExportChoice = { courseIds: null, pseudonyms: true, formulaGuard: false };
  let exportLast: string | null = has('exported') ? 'Mon 23 Nov 2020, 08:20' : null;
  const exportMemory = () =>
    exportFolder ? { folder: exportFolder, choice: exportChoice, last: exportLast } : null;

  let view: AppState['view'] = { courseId: null, tab: 'map', mapMeasure: 'reached', heatMeasure: 'viewers' };

  const state = (): AppState => ({
    configured: !has('welcome') || sample || courses.length > 0 || connection.server !== '',
    sample,
    signIn,
    dataFolder: settings.dataFolder,
    appearance: settings.appearance,
    platform: has('mac') ? 'mac' : 'linux',
    courses,
    view,
    exportMemory: exportMemory(),
    notices: has('busy')
      ? [
          {
            message: 'Another Panopto Video Analytics is writing this data folder',
            hint: 'You can look, but not sync until it is closed',
            action: 'retry',
          },
        ]
      : [],
  });

  const courseOf = (id: string): FakeCourse => {
    const course = world.find((known) => known.id === id);
    if (!course || !courses.some((known) => known.id === id))
      throw error('not-found', 'This course is no longer on the course list', 'Choose another course');
    if (has('broken'))
      throw error(
        'data-file-invalid',
        'Line 1,204 of database/COMM 290 2021W1[…]/viewing_activity.csv has 7 of 10 columns',
        'Restore the file from a backup, or remove the course with its data and add it again',
      );
    if (has('nodata')) return { ...course, videos: [] };
    return course;
  };
  const videoOf = (course: FakeCourse, id: string): FakeVideo => {
    const video = course.videos.find((known) => known.id === id);
    if (!video)
      throw error(
        'not-found',
        'This video is no longer in the course',
        'It may have been moved or deleted in Panopto',
      );
    return video;
  };

  const needServer = () => {
    if (has('offline')) throw OFFLINE;
    if (signIn.state !== 'signedIn' && !sample) throw SIGNED_OUT;
  };

  const FOLDERS = [
    'COMM 290 2021W1',
    'COMM 290 2021W2',
    'COMM 293 2021W1',
    'COMM 294 2021W2',
    'COMM 298 2021W1',
    'BAMA 504',
    'BAMA 508',
    'Writing centre workshops',
    'IMBA 2022',
    'Test recordings',
  ].map((name, index) => ({
    id: `6513270e-269e-4d37-b2a7-4de452e6b4${String(index).padStart(2, '0')}`,
    name,
    parent: index < 5 ? 'Sauder / Undergraduate' : index < 7 ? 'Sauder / Graduate' : null,
  }));
  const hit = (folder: (typeof FOLDERS)[number]) => ({
    ...folder,
    added: courses.some(({ name }) => name === folder.name),
  });

  async function runSync(
    ids: string[] | null,
    jobId: string,
    onEvent: (event: SyncEvent) => void,
  ): Promise<SyncReport> {
    const chosen = courses.filter(({ id }) => !ids || ids.includes(id));
    onEvent({ type: 'started', courseIds: chosen.map(({ id }) => id) });
    const results: CourseResult[] = [];
    for (const course of chosen) {
      const known = world.find(({ id }) => id === course.id);
      const total = known?.videos.length ?? 12;
      const tell = (phase: 'listing' | 'fetching' | 'chunking', done: number) =>
        onEvent({
          type: 'progress',
          courseId: course.id,
          phase,
          share: phase === 'listing' ? null : done / total,
          short:
            phase === 'fetching'
              ? `${Math.floor((done / total) * 100)} %`
              : phase === 'listing'
                ? 'Listing videos'
                : 'Working out coverage',
          text:
            phase === 'listing'
              ? 'Listing videos'
              : `${done} of ${plural(total, 'video')} · ${(done * 612).toLocaleString('en-US')} viewing records`,
          remaining:
            phase === 'fetching' && done > 2
              ? total - done > total / 2
                ? 'about 2 min left'
                : 'less than a minute left'
              : null,
          remainingSecs: phase === 'fetching' && done > 2 ? (total - done > total / 2 ? 110 : 20) : null,
          video: known?.videos[done]?.name ?? null,
        });
      tell('listing', 0);
      await wait(400);
      if (has('offline') || has('signedout')) {
        const result: CourseResult = {
          ...lastSync(course.id, scenarios),
          outcome: 'failed',
          text: 'Could not be synced',
          error: has('offline') ? OFFLINE : SIGNED_OUT,
        };
        results.push(result);
        course.lastSync = result;
        onEvent({ type: 'courseDone', course: { ...course } });
        continue;
      }
      const end = has('syncing') ? Math.floor(total * 0.63) : total;
      for (let done = 1; done <= end && !cancelled.has(jobId); done += 1) {
        tell('fetching', done);
        if (!has('syncing')) await wait(60);
      }
      while (has('syncing') && !cancelled.has(jobId)) await wait(100);
      const stopped = cancelled.has(jobId);
      if (!stopped) tell('chunking', total);
      const result: CourseResult = stopped
        ? { ...lastSync(course.id, new Set()), outcome: 'stopped', text: 'Stopped; what was fetched is kept' }
        : {
            ...lastSync(course.id, scenarios),
            at: 'Tue 24 Nov 2020, 09:02',
            ...(has('partial') || has('failed') ? {} : { text: 'Synced just now' }),
          };
      results.push(result);
      const next = known ? { ...summarise(known), lastSync: result } : { ...course, lastSync: result };
      courses = courses.map((other) => (other.id === course.id ? next : other));
      onEvent({ type: 'courseDone', course: next });
      if (stopped) break;
    }
    const stopped = cancelled.has(jobId);
    const failed = results.filter(({ outcome }) => outcome === 'failed').length;
    return {
      cancelled: stopped,
      courses: results,
      text: stopped
        ? 'Stopped; what was fetched is kept'
        : failed
          ? `${plural(failed, 'course')} could not be synced`
          : `${plural(results.length, 'course')} synced, 1,204 new viewing records`,
    };
  }

  function preview(choice: ExportChoice): ExportPreview {
    exportChoice = choice;
    const chosen = courses.filter(({ id }) => !choice.courseIds || choice.courseIds.includes(id));
    const videos = chosen.reduce((sum, { videos: { value } }) => sum + (value ?? 0), 0);
    const file = (name: string, what: string) => ({ name, what, replaces: exportLast !== null });
    return {
      folder: exportFolder,
      files: [
        file('sessions_overview.csv', 'One row for each video'),
        file('chunked_data.csv', 'What each viewer covered of each part of each video, day by day'),
        file('panopto_viewing.twb', 'A Tableau workbook that opens both'),
      ],
      text: `${plural(chosen.length, 'course')}, ${plural(videos, 'video')}`,
      warnings: chosen
        .filter(({ hasData }) => !hasData)
        .map(({ name }) => `${name} has no data yet and is left out`),
      ready: exportFolder !== null && chosen.some(({ hasData }) => hasData),
    };
  }

  async function runExport(
    jobId: string,
    onEvent: (event: { type: 'progress'; share: number; text: string }) => void,
  ): Promise<ExportReport> {
    for (let step = 0; step <= 10; step += 1) {
      if (cancelled.has(jobId)) throw error('cancelled', 'Stopped; what was done is kept');
      onEvent({
        type: 'progress',
        share: step / 10,
        text: step < 8 ? 'Writing chunked_data.csv' : 'Writing panopto_viewing.twb',
      });
      await wait(90);
    }
    exportLast = 'Tue 24 Nov 2020, 09:05';
    return {
      folder: exportFolder ?? '',
      files: [
        { name: 'sessions_overview.csv', size: '75 rows, 18 KB' },
        { name: 'chunked_data.csv', size: '81,332 rows, 7.9 MB' },
        { name: 'panopto_viewing.twb', size: '96 KB' },
      ],
      text: '3 files written',
      memory: { folder: exportFolder ?? '', choice: exportChoice, last: exportLast },
    };
  }

  const added = (names: string[]): AddReport => {
    const report: AddReport = { added: [], already: [], refused: [] };
    for (const name of names) {
      const already = courses.find((course) => course.name === name);
      if (already) {
        report.already.push(already);
        continue;
      }
      const course = makeCourse(name.length * 7919 + courses.length, name, {
        ...worldOptions,
        videos: 18,
        viewers: 64,
      });
      world.push(course);
      const summary: CourseSummary = {
        ...summarise(course),
        hasData: false,
        videos: none,
        viewers: none,
        videosText: '',
        viewersText: '',
        dataUpTo: null,
        lastSync: null,
      };
      courses = [...courses, summary];
      report.added.push(summary);
    }
    return report;
  };

  const handlers: Record<string, Handler> = {
    app_state: () => {
      if (has('startfail'))
        throw error(
          'course-file-invalid',
          'Line 3 of courses.csv has no folder ID',
          'Open the data folder and correct the line, or delete it',
        );
      return state();
    },
    view_remember: ({ view: next }) => ((view = next), null),
    start_sample: async ({ jobId, onEvent }) => {
      sample = true;
      courses = world.slice(0, 2).map(summarise);
      await runSync(null, jobId, onEvent);
      if (cancelled.has(jobId)) {
        sample = false;
        courses = [];
        throw error('cancelled', 'Stopped');
      }
      return state();
    },
    leave_sample: () => {
      sample = false;
      courses = has('welcome') || has('sample') ? [] : courses;
      return state();
    },
    data_folder_open_pick: () => {
      courses = world.map(summarise);
      return state();
    },
    data_folder_open_path: () => {
      courses = world.map(summarise);
      return state();
    },

    connection_get: () => connection,
    connection_set: ({
      request,
    }: {
      request: { server: string; clientId: string; clientSecret: string | null; pkce: boolean };
    }) => {
      if (!/^[\w-]+(\.[\w-]+)+/.test(request.server.replace(/^https:\/\//, '')))
        throw error(
          'invalid-input',
          `“${request.server}” is not the address of a server`,
          'It looks like university.hosted.panopto.com',
        );
      connection = {
        ...connection,
        server: request.server.replace(/^https:\/\//, '').replace(/\/.*/, ''),
        clientId: request.clientId,
        pkce: request.pkce,
        hasClientSecret: connection.hasClientSecret || Boolean(request.clientSecret),
      };
      return connection;
    },
    sign_in_browser: async ({ jobId, onEvent }: { jobId: string; onEvent: (event: unknown) => void }) => {
      if (has('offline')) throw OFFLINE;
      onEvent({
        type: 'waiting',
        url: `https://${connection.server}/Panopto/oauth2/connect/authorize?client_id=…&redirect_uri=http%3A%2F%2F127.0.0.1%3A9127%2Fredirect`,
        browserOpened: true,
      });
      for (let step = 0; step < 30 || has('neverback'); step += 1) {
        await wait(100);
        if (cancelled.has(jobId)) throw error('cancelled', 'Stopped');
      }
      onEvent({ type: 'checking' });
      await wait(500);
      return signedIn('Maya Okafor', 'browser');
    },
    sign_in_password: async ({ request }: { request: { userName: string; password: string | null } }) => {
      await wait(500);
      if (has('offline')) throw OFFLINE;
      if (request.password === 'wrong')
        throw error(
          'bad-credentials',
          `${connection.server} does not accept this user name and password`,
          'Check both; some sites want a prefix, as in unified\\name',
        );
      connection = { ...connection, userName: request.userName, hasPassword: true };
      return signedIn(request.userName, 'password');
    },
    sign_out: () => setSignIn({ state: 'signedOut', reason: null }),
    who_am_i: () => {
      needServer();
      return signIn;
    },
    env_import_pick: () => handlers.env_import_path?.({ path: '/home/maya/panopto/.env' } as never),
    env_import_path: ({ path }: { path: string }) => {
      connection = {
        ...connection,
        server: 'ubc.ca.panopto.com',
        clientId: '2b0c94a5-6a1c-4c5e-9d2f-acd70013fa1e',
        hasClientSecret: true,
        userName: 'mokafor',
        hasPassword: true,
      };
      return {
        file: path,
        taken: ['server', 'client ID', 'client secret', 'user name', 'password'],
        advice: 'Delete the file now: the password in it is readable for anyone who can open it',
        connection,
      };
    },
    it_text: ({ server }: { server: string }) =>
      [
        'Dear IT department,',
        '',
        `please create an API client for me in ${server || 'our Panopto server'} (System > API Clients > New):`,
        '',
        '  Client name:       Panopto Video Analytics',
        '  Client type:       Server-side Web Application',
        '  CORS origin URL:   http://127.0.0.1:9127',
        '  Redirect URL:      http://127.0.0.1:9127/redirect',
        '',
        'The program runs on my own computer, reads viewing records of the folders I may see, and sends nothing anywhere.',
        'Please send me the client ID and the client secret.',
      ].join('\n'),

    courses_list: () => courses,
    folders_search: async ({ query }: { query: string }) => {
      await wait(250);
      needServer();
      const hits = FOLDERS.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase())).map(hit);
      return { hits, more: false };
    },
    folders_mine: async () => {
      await wait(250);
      needServer();
      return { hits: FOLDERS.filter((_, index) => [0, 2, 4, 7].includes(index)).map(hit), more: false };
    },
    courses_add: async ({ inputs }: { inputs: string[] }) => {
      await wait(300);
      const names: string[] = [];
      const refused: AddReport['refused'] = [];
      for (const input of inputs) {
        const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(decodeURIComponent(input))?.[0];
        if (!id) {
          refused.push({
            input: input.slice(0, 80),
            error: error(
              'invalid-input',
              `“${input.slice(0, 40)}” is neither a folder ID nor a Panopto link`,
              'Open the folder in Panopto and copy the address of the page',
            ),
          });
          continue;
        }
        names.push(FOLDERS.find((folder) => folder.id === id.toLowerCase())?.name ?? id);
      }
      return { ...added(names), refused };
    },
    courses_import_pick: () => handlers.courses_import_path?.({} as never),
    courses_import_path: () => ({
      ...added(['COMM 294 2021W2', 'COMM 298 2021W1']),
      refused: [
        {
          input: 'COMM 299,',
          error: error(
            'course-file-invalid',
            'Line 4 of courses.csv has no folder ID',
            'Add the ID, or delete the line',
          ),
        },
      ],
    }),
    course_remove: ({ courseId, deleteData }: { courseId: string; deleteData: boolean }) => {
      const course = courses.find(({ id }) => id === courseId);
      removed.set(courseId, courses);
      courses = courses.filter(({ id }) => id !== courseId);
      return {
        undo: courseId,
        text: deleteData
          ? `${course?.name} removed with its data`
          : `${course?.name} removed; its data stays in the data folder`,
      };
    },
    course_remove_undo: ({ undo }: { undo: string }) => (courses = removed.get(undo) ?? courses),

    sync_start: ({ courseIds, jobId, onEvent }) => {
      if (has('busy'))
        throw error(
          'busy',
          'Another Panopto Video Analytics is writing this data folder',
          'Close it, then try again',
        );
      return runSync(courseIds, jobId, onEvent);
    },
    job_cancel: ({ jobId }) => (cancelled.add(jobId), null),

    course_overview: ({ request }: { request: Parameters<typeof overview>[2] }) => {
      const course = courseOf(request.courseId);
      return overview(course, courses.find(({ id }) => id === request.courseId) as CourseSummary, request);
    },
    map_row: ({
      courseId,
      sessionId,
      range,
    }: {
      courseId: string;
      sessionId: string;
      range: DateRange | null;
    }) => mapRow(videoOf(courseOf(courseId), sessionId), range),
    timelines: ({ request }: { request: Parameters<typeof timelines>[1] }) =>
      timelines(courseOf(request.courseId), request),
    video: ({ request }: { request: Parameters<typeof videoPage>[2] }) => {
      const course = courseOf(request.courseId);
      return videoPage(course, course.videos.indexOf(videoOf(course, request.sessionId)), request, sample);
    },
    chart_save: async ({ request }: { request: { kind: string; format: string } }) => {
      await wait(200);
      return { name: `Welcome – ${request.kind}.${request.format}`, folder: '/home/maya/Pictures' };
    },
    open_in_panopto: () => null,

    export_preview: ({ request }) => preview(request),
    export_pick_folder: ({ request }) => {
      exportFolder = '/home/maya/Documents/Tableau';
      return preview(request);
    },
    export_run: ({ request, jobId, onEvent }) => {
      exportChoice = request;
      return runExport(jobId, onEvent);
    },
    export_again: ({ jobId, onEvent }) => runExport(jobId, onEvent),

    settings_get: () => settings,
    settings_set: ({ request }: { request: Partial<Settings> }) => {
      const { timeZone, ...rest } = request;
      settings = { ...settings, ...rest, ...(timeZone === undefined ? {} : { timeZone: timeZone || null }) };
      return settings;
    },
    time_zones: () => [
      'Africa/Nairobi',
      'America/Los_Angeles',
      'America/New_York',
      'America/Vancouver',
      'Asia/Tokyo',
      'Australia/Sydney',
      'Europe/Berlin',
      'Europe/London',
      'UTC',
    ],
    data_folder_move_pick: () => (settings = { ...settings, dataFolder: '/home/maya/Documents/Panopto' }),
    open_folder: () => null,
    diagnostics_text: () =>
      [
        'Panopto Video Analytics 0.1.0 (linux x86_64)',
        'Data folder: 3 courses, 75 videos, 48,201 viewing records',
        'Reporting time zone: America/Vancouver (the computer’s)',
        'Keychain: available',
        'Last errors: none',
      ].join('\n'),
    about: () => ({
      name: 'Panopto Video Analytics',
      version: '0.1.0',
      licence: 'MIT or Apache-2.0',
      components: [
        { name: 'plotters', version: '0.3.7', licence: 'MIT' },
        { name: 'quick-xml', version: '0.42.0', licence: 'MIT' },
        { name: 'reqwest', version: '0.13.1', licence: 'MIT OR Apache-2.0' },
        { name: 'svelte', version: '5.57.3', licence: 'MIT' },
        { name: 'tauri', version: '2.12.5', licence: 'MIT OR Apache-2.0' },
        { name: 'tokio', version: '1.50.0', licence: 'MIT' },
      ],
    }),
  };

  return {
    calls,
    async invoke(command, args) {
      calls.push({ command, args });
      const handler = handlers[command];
      if (!handler) throw new Error(`unknown command ${command}`);
      if (has('slow')) await wait(2000);
      await wait(0);
      // As over the real bridge: nothing is shared between the two sides.
      const { onEvent, ...rest } = args as { onEvent?: unknown };
      const answer = await handler({ ...structuredClone(rest), onEvent } as never);
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

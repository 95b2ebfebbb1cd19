// The only file that touches Tauri: one function for each command of docs/ipc.md, the four events, and dropped files.
//
// In a plain browser, `setTransport` replaces Tauri by another way to the same commands (see `transport/`).

import { Channel, invoke } from '@tauri-apps/api/core';
import { listen } from '@tauri-apps/api/event';

import type {
  About,
  AddReport,
  AppState,
  ChartRequest,
  ChartTable,
  ChartTableRequest,
  CompareChoices,
  Connection,
  ConnectionInput,
  ClassDecision,
  ClassListImport,
  ChosenPeople,
  ClassListPage,
  ClassListRequest,
  CourseOverview,
  CreditAsked,
  CreditChoices,
  CreditFillRequest,
  CreditPreview,
  CreditSaved,
  CreditSaveRequest,
  CourseSummary,
  DateInput,
  DateRange,
  DatesImport,
  DatesImportRequest,
  DatesPage,
  Discretion,
  EnvImport,
  ExportChoice,
  ExportEvent,
  ExportPreview,
  ExportReport,
  FolderHits,
  Guide,
  IpcError,
  KeepPreview,
  KnownFolder,
  MapMoments,
  MapRowDetail,
  MenuCommand,
  NamesEvent,
  NamesPage,
  Nightly,
  NightlyInput,
  NoteRequest,
  OverviewRequest,
  PairRequest,
  PairsMended,
  PairsPage,
  MatrixPerson,
  PasswordInput,
  PeopleDecided,
  PeopleDecision,
  PeoplePage,
  PeopleRequest,
  PeopleSaveRequest,
  PeopleTidy,
  PersonPage,
  PersonRequest,
  PersonSaveRequest,
  PrivacyPage,
  Removed,
  RemovedClassList,
  RemovedDate,
  ReportRequest,
  SavedFile,
  Settings,
  SettingsPatch,
  SignIn,
  SignInEvent,
  SyncEvent,
  SyncReport,
  Timelines,
  TimelinesRequest,
  TypedRange,
  VideoCaptions,
  VideoMomentsShown,
  VideoPage,
  VideoPeople,
  VideoPeopleRequest,
  VideoRequest,
  ViewMemory,
  WhatIsNew,
  WordsFound,
  WordsRequest,
} from './bindings';

/** What carries commands, job events and window events. */
export interface Transport {
  invoke(command: string, args: Record<string, unknown>): Promise<unknown>;
  channel<E>(onEvent: (event: E) => void): unknown;
  listen<P>(event: string, handler: (payload: P) => void): Promise<() => void>;
}

const tauri: Transport = {
  invoke: (command, args) => invoke(command, args),
  channel: (onEvent) => new Channel(onEvent),
  listen: (event, handler) => listen<never>(event, ({ payload }) => handler(payload)),
};

let transport = tauri;

/** Replaces Tauri, in a browser without it and in tests. */
export function setTransport(other: Transport): void {
  transport = other;
}

/** Whether the page runs inside Tauri's window. */
export const insideTauri = (): boolean => '__TAURI_INTERNALS__' in globalThis;

/** Any rejection as an `IpcError`: Tauri itself rejects with bare strings, for example for a forbidden command. */
export function asIpcError(reason: unknown): IpcError {
  if (typeof reason === 'object' && reason !== null && 'code' in reason && typeof reason.code === 'string') {
    return { hint: null, detail: null, ...reason } as IpcError;
  }
  const named = typeof reason === 'object' && reason !== null && 'message' in reason;
  const message = String(named ? reason.message : reason);
  return {
    code: 'internal',
    message,
    hint: 'Try again; if it stays, copy the diagnostic text from Settings and report it',
    detail: null,
  };
}

async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return (await transport.invoke(command, args)) as T;
  } catch (reason) {
    throw asIpcError(reason);
  }
}

/** What a running job needs: an ID to cancel it by, and someone to send events to. */
export interface Job<E> {
  jobId: string;
  onEvent: (event: E) => void;
}

const job = <E>({ jobId, onEvent }: Job<E>) => ({ jobId, onEvent: transport.channel(onEvent) });

/** A fresh job ID. */
export const newJobId = (): string => crypto.randomUUID();

// Start and view
export const appState = () => call<AppState>('app_state');
export const viewRemember = (view: ViewMemory) => call<null>('view_remember', { view });
export const noticeDismiss = (message: string) => call<AppState>('notice_dismiss', { message });
export const setPresenting = (presents: boolean) => call<AppState>('set_presenting', { presents });
export const startSample = (on: Job<SyncEvent>) => call<AppState>('start_sample', job(on));
export const leaveSample = () => call<AppState>('leave_sample');
export const dataFolderOpenPick = () => call<AppState | null>('data_folder_open_pick');
export const dataFolderOpenPath = (path: string) => call<AppState>('data_folder_open_path', { path });

// Connection
export const connectionGet = () => call<Connection>('connection_get');
export const connectionSet = (request: ConnectionInput) => call<Connection>('connection_set', { request });
export const signInBrowser = (on: Job<SignInEvent>) => call<Connection>('sign_in_browser', job(on));
export const signInPassword = (request: PasswordInput) => call<Connection>('sign_in_password', { request });
export const signOut = () => call<Connection>('sign_out');
export const whoAmI = () => call<SignIn>('who_am_i');
export const envImportPick = () => call<EnvImport | null>('env_import_pick');
export const envImportPath = (path: string) => call<EnvImport>('env_import_path', { path });
export const itText = (server: string) => call<string>('it_text', { server });

// Course list
export const coursesList = () => call<CourseSummary[]>('courses_list');
export const foldersSearch = (query: string) => call<FolderHits>('folders_search', { query });
export const foldersMine = () => call<FolderHits>('folders_mine');
export const coursesAdd = (inputs: string[]) => call<AddReport>('courses_add', { inputs });
export const coursesImportPick = () => call<AddReport | null>('courses_import_pick');
export const coursesImportPath = (path: string) => call<AddReport>('courses_import_path', { path });
export const courseRemove = (courseId: string, deleteData: boolean) =>
  call<Removed>('course_remove', { courseId, deleteData });
export const courseRemoveUndo = (undo: string) => call<CourseSummary[]>('course_remove_undo', { undo });
export const coursesRepair = () => call<AppState>('courses_repair');

// Sync
export const syncStart = (courseIds: string[] | null, anew: boolean, on: Job<SyncEvent>) =>
  call<SyncReport>('sync_start', { courseIds, anew, ...job(on) });
export const jobCancel = (jobId: string) => call<null>('job_cancel', { jobId });

// Looking
export const courseOverview = (request: OverviewRequest) =>
  call<CourseOverview>('course_overview', { request });
export const mapRow = (courseId: string, sessionId: string, range: DateRange | null) =>
  call<MapRowDetail>('map_row', { courseId, sessionId, range });
export const chartTable = (request: ChartTableRequest) => call<ChartTable>('chart_table', { request });
export const findWords = (request: WordsRequest) => call<WordsFound>('find_words', { request });
export const rangeTyped = (request: TypedRange) => call<DateRange | null>('range_typed', { request });
export const timelines = (request: TimelinesRequest) => call<Timelines>('timelines', { request });
export const video = (request: VideoRequest) => call<VideoPage>('video', { request });
export const reportSave = (request: ReportRequest) => call<SavedFile | null>('report_save', { request });
/** Only a video's chart by second depends on the stretch on screen and on the usual curve. */
type ChartToSave = Omit<ChartRequest, 'window' | 'usual'> & Partial<Pick<ChartRequest, 'window' | 'usual'>>;
export const chartSave = (request: ChartToSave) =>
  call<SavedFile | null>('chart_save', { request: { window: null, usual: false, ...request } });
export const mapMoments = (courseId: string, range: DateRange | null) =>
  call<MapMoments>('map_moments', { courseId, range });
export const videoMoments = (courseId: string, sessionId: string, range: DateRange | null) =>
  call<VideoMomentsShown>('video_moments', { courseId, sessionId, range });
export const videoCaptions = (courseId: string, sessionId: string) =>
  call<VideoCaptions>('video_captions', { courseId, sessionId });
export const noteKeep = (request: NoteRequest) => call<NoteRequest>('note_keep', { request });
export const openInPanopto = (courseId: string, sessionId: string, atSecs: number | null = null) =>
  call<null>('open_in_panopto', { courseId, sessionId, atSecs });

// Dates
export const dates = (courseId: string) => call<DatesPage>('dates', { courseId });
export const dateSave = (request: DateInput) => call<DatesPage>('date_save', { request });
export const dateRemove = (courseId: string, number: number) =>
  call<RemovedDate>('date_remove', { courseId, number });
export const dateRemoveUndo = (undo: string) => call<DatesPage>('date_remove_undo', { undo });
export const datesTermSet = (courseId: string, range: DateRange | null) =>
  call<DatesPage>('dates_term_set', { courseId, range });
export const datesOnTimeSet = (courseId: string, days: number | null) =>
  call<DatesPage>('dates_on_time_set', { courseId, days });
export const datesImportPick = (courseId: string) =>
  call<DatesImport | null>('dates_import_pick', { courseId });
export const datesImportPath = (courseId: string, path: string) =>
  call<DatesImport>('dates_import_path', { courseId, path });
export const datesImport = (request: DatesImportRequest) => call<DatesImport>('dates_import', { request });

// What is new, and comparing
export const whatIsNew = (courseId: string) => call<WhatIsNew>('what_is_new', { courseId });
export const newsPutAway = (courseId: string, isAway: boolean) =>
  call<WhatIsNew>('news_put_away', { courseId, isAway });
export const compareChoices = (courseId: string) => call<CompareChoices>('compare_choices', { courseId });
export const pairs = (courseId: string, otherId: string) => call<PairsPage>('pairs', { courseId, otherId });
export const pairMend = (request: PairRequest) => call<PairsMended>('pair_mend', { request });
export const pairMendUndo = (undo: string) => call<PairsPage>('pair_mend_undo', { undo });

// Class list
export const classList = (courseId: string) => call<ClassListPage>('class_list', { courseId });
export const classListPick = (courseId: string) =>
  call<ClassListImport | null>('class_list_pick', { courseId });
export const classListPreview = (request: ClassListRequest) =>
  call<ClassListImport>('class_list_preview', { request });
export const classListImport = (request: ClassListRequest) =>
  call<ClassListPage>('class_list_import', { request });
export const classListDecide = (request: ClassDecision) =>
  call<ClassListPage>('class_list_decide', { request });
export const classListRemove = (courseId: string) =>
  call<RemovedClassList>('class_list_remove', { courseId });
export const classListRemoveUndo = (undo: string) => call<ClassListPage>('class_list_remove_undo', { undo });

// People
export const videoPeople = (request: VideoPeopleRequest) => call<VideoPeople>('video_people', { request });
export const videoPeopleSave = (request: VideoPeopleRequest) =>
  call<SavedFile | null>('video_people_save', { request });
export const people = (request: PeopleRequest) => call<PeoplePage>('people', { request });
export const peopleRows = (request: PeopleRequest, from: number) =>
  call<MatrixPerson[]>('people_rows', { request, from });
export const peopleCell = (courseId: string, key: string, sessionId: string, range: DateRange | null) =>
  call<string>('people_cell', { courseId, key, sessionId, range });
export const peopleChosen = (courseId: string, keys: string[]) =>
  call<ChosenPeople>('people_chosen', { courseId, keys });
export const peopleTidy = (courseId: string) => call<PeopleTidy>('people_tidy', { courseId });
export const peopleDecide = (request: PeopleDecision) => call<PeopleDecided>('people_decide', { request });
export const peopleDecideUndo = (undo: string) => call<null>('people_decide_undo', { undo });
export const peopleSave = (request: PeopleSaveRequest) => call<SavedFile | null>('people_save', { request });
export const addressesCopied = () => call<null>('addresses_copied');
export const person = (request: PersonRequest) => call<PersonPage>('person', { request });
export const personSave = (request: PersonSaveRequest) => call<SavedFile | null>('person_save', { request });
export const personForget = (courseId: string, key: string) =>
  call<string>('person_forget', { courseId, key });

// Credit
export const creditChoices = (courseId: string) => call<CreditChoices>('credit_choices', { courseId });
export const creditPreview = (request: CreditAsked) => call<CreditPreview>('credit_preview', { request });
export const creditSave = (request: CreditSaveRequest) =>
  call<CreditSaved | null>('credit_save', { request });
export const creditFill = (request: CreditFillRequest) =>
  call<CreditSaved | null>('credit_fill', { request });
// Names
export const names = (courseId: string) => call<NamesPage>('names', { courseId });
export const namesFetch = (courseId: string, on: Job<NamesEvent>) =>
  call<NamesPage>('names_fetch', { courseId, ...job(on) });

// Export
export const exportPreview = (request: ExportChoice) => call<ExportPreview>('export_preview', { request });
export const exportPickFolder = (request: ExportChoice) =>
  call<ExportPreview | null>('export_pick_folder', { request });
export const exportRun = (request: ExportChoice, on: Job<ExportEvent>) =>
  call<ExportReport>('export_run', { request, ...job(on) });
export const exportAgain = (on: Job<ExportEvent>) => call<ExportReport>('export_again', job(on));

// The nightly job
export const nightlyGet = () => call<Nightly>('nightly_get');
export const nightlySet = (request: NightlyInput) => call<Nightly>('nightly_set', { request });

// People's data
export const privacy = () => call<PrivacyPage>('privacy');
export const keepPreview = (courseId: string, days: number | null) =>
  call<KeepPreview>('keep_preview', { courseId, days });
export const keepFor = (courseId: string, days: number | null) =>
  call<PrivacyPage>('keep_for', { courseId, days });

// Settings and the rest
export const settingsGet = () => call<Settings>('settings_get');
export const settingsSet = (request: SettingsPatch) => call<Settings>('settings_set', { request });
export const settingsRestore = (defaults: boolean) => call<AppState>('settings_restore', { defaults });
export const timeZones = () => call<string[]>('time_zones');
export const dataFolderMovePick = (jobId: string) =>
  call<Settings | null>('data_folder_move_pick', { jobId });
export const openFolder = (folder: KnownFolder) => call<null>('open_folder', { folder });
export const diagnosticsText = () => call<string>('diagnostics_text');
export const about = () => call<About>('about');
export const userGuide = () => call<Guide>('user_guide');

// Events
export const onDataChanged = (handler: (courseIds: string[]) => void) =>
  transport.listen('data-changed', handler);
export const onSettingsChanged = (handler: (settings: Settings) => void) =>
  transport.listen('settings-changed', handler);
export const onDiscretionChanged = (handler: (discretion: Discretion) => void) =>
  transport.listen('discretion-changed', handler);
export const onMenu = (handler: (command: MenuCommand) => void) => transport.listen('menu', handler);

/** Files and folders dragged over and dropped on the window, as the system's paths. */
export async function onDrop(handlers: {
  over: (paths: string[]) => void;
  left: () => void;
  dropped: (paths: string[]) => void;
}): Promise<() => void> {
  const stops = await Promise.all([
    transport.listen<{ paths: string[] }>('tauri://drag-enter', ({ paths }) => handlers.over(paths)),
    transport.listen('tauri://drag-leave', () => handlers.left()),
    transport.listen<{ paths: string[] }>('tauri://drag-drop', ({ paths }) => handlers.dropped(paths)),
  ]);
  return () => stops.forEach((stop) => stop());
}

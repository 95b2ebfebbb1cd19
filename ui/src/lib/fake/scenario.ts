// Which situation the fake plays, chosen in the address: `?fake=many,signedout`.

/** The situations; several can be combined. */
export const SCENARIOS = {
  welcome: 'nothing is set up',
  sample: 'the sample courses are shown',
  empty: 'connected, but no course on the list',
  nodata: 'courses that were never synced',
  novideos: 'synced courses without a video',
  unwatched: 'synced courses that nobody watched',
  signedout: 'the sign-in is no longer accepted',
  offline: 'the server cannot be reached',
  broken: 'the stored data of the course cannot be read',
  startfail: 'the first answer is an error',
  busy: 'another process has the data folder',
  long: 'long, right-to-left and CJK names',
  many: 'a course of 2,000 videos',
  manycourses: '60 courses',
  syncing: 'a sync is running and never ends',
  finishing: 'a sync has fetched everything and does not end',
  partial: 'the last sync failed for some videos',
  failed: 'the last sync failed',
  stopped: 'the last sync was stopped',
  nokeychain: 'no keychain',
  signedin: 'signed in (the default, named for clarity)',
  slow: 'every answer takes two seconds',
  neverback: 'the browser never comes back from signing in',
  dark: 'dark appearance',
  light: 'light appearance',
  exported: 'there was an export before',
  mac: 'on macOS',
} as const;

export type Scenario = keyof typeof SCENARIOS;

export function readScenarios(search: string): Set<Scenario> {
  const words = new URLSearchParams(search).get('fake')?.split(',') ?? [];
  return new Set(words.filter((word): word is Scenario => word in SCENARIOS));
}

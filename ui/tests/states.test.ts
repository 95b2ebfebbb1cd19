// Every screen in every state: it says what it should, and axe-core finds nothing.

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { Scenario } from '../src/lib/fake/scenario';
import { expectAccessible, openWindow } from './open';

interface State {
  state: string;
  fake: Scenario[];
  hash?: string;
  says: (RegExp | string)[];
  hides?: (RegExp | string)[];
}

const STATES: State[] = [
  {
    state: 'welcome',
    fake: ['firstStart'],
    says: ['Connect to Panopto', 'Look around with sample courses', 'Open an existing data folder'],
    hides: ['Courses'],
  },
  {
    state: 'welcome while the sample is prepared',
    fake: ['firstStart', 'stallsWhileFetching'],
    says: ['Connect to Panopto'],
  },
  { state: 'no courses yet', fake: ['noCourses'], says: ['Which courses do you teach?', 'No courses yet'] },
  {
    state: 'courses never synced',
    fake: ['neverSynced'],
    says: ['Nothing fetched yet', 'Sync'],
    hides: ['Map', 'Export to Tableau', /no videos yet/],
  },
  {
    state: 'a course',
    fake: [],
    says: ['COMM 290 2021W1', 'Viewers across time', 'All dates', /^Welcome and how/],
  },
  {
    state: 'a course without a video',
    fake: ['noVideos'],
    says: ['There are no videos in this Panopto folder'],
    hides: ['Viewers across time', 'Map'],
  },
  {
    state: 'a first sync that failed',
    fake: ['syncFailed', 'neverSynced'],
    says: [/You have no right to see the Panopto folder/, 'Try again', 'Could not be synced'],
    hides: ['Nothing fetched yet', /no videos yet/],
  },
  {
    state: 'a sync that was stopped',
    fake: ['syncStopped'],
    says: ['Stopped 5 minutes ago.', 'Continue', 'Viewers across time'],
  },
  {
    state: 'a course nobody watched',
    fake: ['unwatched'],
    says: ['Nobody has watched yet.', /^Welcome and how/],
  },
  {
    state: 'a course whose data cannot be read',
    fake: ['damagedData'],
    says: [/Line 1,204 of .* has 7 of 10 columns\./, /Restore the file from a backup/, 'Try again'],
  },
  {
    state: 'a failed sync',
    fake: ['syncFailed'],
    says: [/You have no right to see the Panopto folder/, /Ask its owner/, 'Viewers across time'],
  },
  {
    state: 'a sync failed in part',
    fake: ['syncedInPart'],
    says: [/2 of 42 videos could not be fetched/, 'Show which'],
  },
  {
    state: 'sample courses',
    fake: ['sample'],
    says: [
      /These are sample courses/,
      'Leave the sample',
      'Sample courses',
      'Sample course',
      'Export the sample',
    ],
    hides: ['Sign in'],
  },
  {
    state: 'signed out',
    fake: ['signedOut'],
    says: [/The sign-in at ubc.ca.panopto.com has ended/, 'Viewers across time'],
  },
  { state: 'another process at work', fake: ['busy'], says: [/is writing this data folder/, 'Try again'] },
  {
    state: 'a start that fails',
    fake: ['startfail'],
    says: [/Line 3 of courses.csv has no folder ID/, 'Open the data folder', 'Try again'],
  },
  {
    state: 'long, right-to-left and hostile names',
    fake: ['hardNames'],
    says: ['<img src=x onerror=alert(1)>', /مقدمة/, /第三讲/, 'Without a name'],
  },
  {
    state: 'connect, nothing set',
    fake: ['firstStart'],
    hash: '#/connect',
    says: ['Connect to Panopto', 'Server', 'Client ID', 'Client secret', /kept in the system’s keychain/],
  },
  {
    state: 'connect, signed in',
    fake: [],
    hash: '#/connect',
    says: ['Signed in as', 'Sign out', 'Change the connection'],
  },
  {
    state: 'connect, no keychain',
    fake: ['signedOut', 'noKeychain'],
    hash: '#/connect',
    says: [/No keychain was found on this computer/],
  },
  { state: 'add', fake: [], hash: '#/add', says: ['My folders', 'COMM 298 2021W1', 'On the list'] },
  {
    state: 'add, offline',
    fake: ['offline'],
    hash: '#/add',
    says: [/cannot be reached/, 'Try again'],
  },
  {
    state: 'add, signed out',
    fake: ['signedOut'],
    hash: '#/add',
    says: [/has ended/, /listed here once you are signed in/],
  },
  {
    state: 'settings',
    fake: [],
    hash: '#/settings',
    says: ['Appearance', 'Reporting time zone', 'Data folder', 'Copy diagnostic text', 'Show licences'],
    hides: [/folder is made when/],
  },
  {
    state: 'settings before the first course',
    fake: ['noCourses'],
    hash: '#/settings',
    says: ['The folder is made when you add the first course.'],
  },
];

describe('every state', () => {
  it.each(STATES)('$state', async ({ fake, hash = '', says, hides = [] }) => {
    await openWindow(fake, hash);
    for (const text of says) await waitFor(() => expect(screen.getAllByText(text).length).toBeGreaterThan(0));
    for (const text of hides) expect(screen.queryByText(text)).toBeNull();
    await expectAccessible();
  });
});

describe('appearance', () => {
  it('is told to the style sheet and kept for the next start', async () => {
    await openWindow(['dark']);
    await screen.findByRole('navigation', { name: 'Courses' });
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('appearance')).toBe('dark');
  });

  it('asks for drawings of the theme on screen', async () => {
    const { backend } = await openWindow(['dark']);
    await screen.findByRole('grid', { name: /^Map/ });
    const request = backend.calls.find(({ command }) => command === 'course_overview')?.args.request;
    expect(request).toMatchObject({ theme: 'dark' });
  });
});

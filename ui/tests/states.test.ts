// Every screen in every state: it says what it should, and axe-core finds nothing.

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { setTransport } from '../src/lib/ipc';
import { expectAccessible, FIRST, lastRequest, openWindow, showWindow } from './open';
import { startProgram, type Situation } from './program';

interface State {
  state: string;
  in: Situation[];
  hash?: string;
  says: (RegExp | string)[];
  hides?: (RegExp | string)[];
}

const STATES: State[] = [
  {
    state: 'welcome',
    in: ['firstStart'],
    says: ['Connect to Panopto', 'Look around with sample courses', 'Open an existing data folder'],
    hides: ['Courses'],
  },
  { state: 'no courses yet', in: ['noCourses'], says: ['Which courses do you teach?', 'No courses yet'] },
  {
    state: 'courses never synced',
    in: ['neverSynced'],
    says: ['Nothing fetched yet', 'Sync'],
    hides: ['Map', 'Export', /no videos yet/],
  },
  {
    state: 'a course',
    in: [],
    says: [FIRST, 'Viewers across time', 'All dates', /^Lecture 01: Welcome/],
  },
  {
    state: 'a course without a video',
    in: ['noVideos'],
    says: ['There are no videos in this Panopto folder'],
    hides: ['Viewers across time', 'Map'],
  },
  {
    state: 'a first sync that failed',
    in: ['syncFailed', 'neverSynced'],
    says: [/does not let this user see the folder/, 'Try again', 'Could not be synced'],
    hides: ['Nothing fetched yet', /no videos yet/],
  },
  {
    state: 'a sync that was stopped',
    in: ['syncStopped'],
    says: [/^Stopped .*\.$/, 'Continue', 'Viewers across time'],
  },
  {
    state: 'a course nobody watched',
    in: ['unwatched'],
    says: ['Nobody has watched yet.', /^Lecture 01: Welcome/],
  },
  {
    state: 'a course that one person watched',
    in: ['oneViewer'],
    says: [/· 1 viewer\b/, 'Viewers across time'],
  },
  {
    state: 'a course whose data cannot be read',
    in: ['damagedData'],
    says: [/viewing_activity\.csv/, 'Try again'],
    hides: ['Viewers across time'],
  },
  {
    state: 'a failed sync',
    in: ['syncFailed'],
    says: [/does not let this user see the folder/, /Ask a Panopto administrator/, 'Viewers across time'],
  },
  {
    state: 'a sync failed in part',
    in: ['syncedInPart'],
    says: [/1 of 40 videos failed/, 'Show which'],
  },
  {
    state: 'signed out',
    in: ['signedOut'],
    says: [/no longer accepts the sign-in of Maya Okafor/, 'Sign in', 'Viewers across time'],
  },
  {
    state: 'a damaged course list',
    in: ['damagedList'],
    says: [/^Line 2 of .*courses\.csv.*is not a Panopto ID/, 'Open data folder', 'Make the list anew'],
  },
  {
    state: 'damaged settings',
    in: ['damagedSettings'],
    says: [/settings\.json. is damaged at line 1/, 'Restore the settings', 'Start with the default settings'],
    hides: ['Viewers across time'],
  },
  {
    state: 'long, right-to-left and hostile names',
    in: ['hardNames'],
    says: ['<img src=x onerror=alert(1)>', /مقدمة/, /第三讲/, 'Without a name'],
  },
  {
    state: 'connect, nothing set',
    in: ['firstStart'],
    hash: '#/connect',
    says: ['Connect to Panopto', 'Server', 'Client ID', 'Client secret', /Kept in the .* of this computer/],
  },
  {
    state: 'connect, signed in',
    in: [],
    hash: '#/connect',
    says: ['Signed in as', 'Maya Okafor', 'Sign out', 'Change the connection'],
  },
  {
    state: 'connect, no keychain',
    in: ['signedOut', 'noKeychain'],
    hash: '#/connect',
    says: [/This computer has no keychain that answers/],
  },
  { state: 'add', in: [], hash: '#/add', says: ['My folders', 'Writing centre workshops', 'On the list'] },
  {
    state: 'add, offline',
    in: ['offline'],
    hash: '#/add',
    says: [/cannot be reached/, 'Try again'],
  },
  {
    state: 'add, signed out',
    in: ['signedOut'],
    hash: '#/add',
    says: [/no longer accepts the sign-in/, /listed here once you are signed in/],
  },
  {
    state: 'settings',
    in: [],
    hash: '#/settings',
    says: ['Appearance', 'Reporting time zone', 'Data folder', 'Copy diagnostic text', 'Show licences'],
    hides: [/folder is made when/],
  },
  {
    state: 'settings before the first course',
    in: ['noCourses'],
    hash: '#/settings',
    says: ['The folder is made when you add the first course.'],
  },
];

describe('every state', () => {
  it.each(STATES)('$state', async ({ in: situations, hash = '', says, hides = [] }) => {
    await openWindow(situations, hash);
    for (const text of says) await waitFor(() => expect(screen.getAllByText(text).length).toBeGreaterThan(0));
    for (const text of hides) expect(screen.queryByText(text)).toBeNull();
    await expectAccessible();
  });

  it('the sample, after it was prepared', async () => {
    const { user } = await openWindow(['firstStart']);
    await user.click(await screen.findByRole('button', { name: /Look around with sample courses/ }));
    const says = [
      /These are sample courses/,
      'Leave the sample',
      'Sample courses',
      'Sample course',
      'Export',
    ];
    for (const text of says)
      await waitFor(() => expect(screen.getAllByText(text).length).toBeGreaterThan(0), { timeout: 60_000 });
    expect(screen.queryByText('Sign in')).toBeNull();
    await expectAccessible();
  }, 90_000);

  it('a start that fails says why and can be tried again', async () => {
    const program = await startProgram();
    // What Tauri itself refuses never reaches the program.
    const refused = { ...program, invoke: () => Promise.reject(new Error('Command app_state not allowed')) };
    const { user } = showWindow(program, '', refused);
    expect(await screen.findByText(/Command app_state not allowed/)).toBeTruthy();
    expect(screen.getByText('Open the data folder')).toBeTruthy();
    await expectAccessible();
    setTransport(program);
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByRole('heading', { level: 1, name: FIRST })).toBeTruthy();
  });
});

describe('appearance', () => {
  it('is passed to the style sheet and kept for the next start', async () => {
    await openWindow(['dark']);
    await screen.findByRole('navigation', { name: 'Courses' });
    expect(document.documentElement.dataset.theme).toBe('dark');
    expect(localStorage.getItem('appearance')).toBe('dark');
  });

  it('requests drawings in the theme on screen', async () => {
    const opened = await openWindow(['dark']);
    await screen.findByRole('grid', { name: /^Map/ });
    expect(lastRequest(opened, 'course_overview')).toMatchObject({ theme: 'dark' });
  });
});

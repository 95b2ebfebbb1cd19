// Settings of the fake, and what stands around them: folders, the diagnostic text, versions and licences.

import type { Settings } from '../bindings/dto';
import type { FakeMemory, Handlers } from './memory';

const ZONES = [
  'Africa/Nairobi',
  'America/Los_Angeles',
  'America/New_York',
  'America/Vancouver',
  'Asia/Tokyo',
  'Australia/Sydney',
  'Europe/Berlin',
  'Europe/London',
  'UTC',
];

const ABOUT = {
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
};

const DIAGNOSTICS = [
  'Panopto Video Analytics 0.1.0 (linux x86_64)',
  'Data folder: 3 courses, 75 videos, 48,201 viewing records',
  'Reporting time zone: America/Vancouver (the computer’s)',
  'Keychain: available',
  'Last errors: none',
].join('\n');

export const settings = (memory: FakeMemory): Handlers => ({
  settings_get: () => memory.settings,
  settings_set: ({ request }: { request: Partial<Settings> }) => {
    const { timeZone, ...rest } = request;
    const zone = timeZone === undefined ? {} : { timeZone: timeZone || null };
    memory.settings = { ...memory.settings, ...rest, ...zone };
    return memory.settings;
  },
  time_zones: () => ZONES,
  data_folder_move_pick: () => {
    memory.settings = { ...memory.settings, dataFolder: '/home/maya/Documents/Panopto' };
    return memory.settings;
  },
  open_folder: () => null,
  diagnostics_text: () => DIAGNOSTICS,
  about: () => ABOUT,
});

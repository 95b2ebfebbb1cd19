// How a course's last sync ended, in each situation.

import type { CourseResult } from '../bindings/dto';
import { error } from './errors';
import type { Scenario } from './scenario';

export function lastSync(courseId: string, scenarios: Set<Scenario>): CourseResult {
  const base = {
    courseId,
    at: 'Mon 23 Nov 2020, 08:15',
    error: null,
    failures: [],
    failuresLeftOff: 0,
  };
  if (scenarios.has('failed'))
    return {
      ...base,
      outcome: 'failed',
      text: 'Could not be synced',
      error: error(
        'no-rights',
        'You have no right to see the Panopto folder “COMM 290 2021W1”',
        'Ask its owner to share it with you, then try again',
      ),
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
  if (scenarios.has('stopped')) return { ...base, outcome: 'stopped', text: 'Stopped 5 minutes ago' };
  return { ...base, outcome: 'done', text: 'Synced 2 hours ago' };
}

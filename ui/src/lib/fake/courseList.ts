// The course list of the fake: finding, adding, importing, removing and taking it back.

import type { AddReport, CourseSummary } from '../bindings/dto';
import { error } from './errors';
import { none } from './format';
import type { FakeMemory, Handlers } from './memory';
import { makeCourse } from './world';

const GUID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** What the server has, whether it is on the list or not. */
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
  'Introduction to quantitative decision making, sections 101 to 112, recordings of the lecture hall',
].map((name, index) => ({
  id: `6513270e-269e-4d37-b2a7-4de452e6b4${String(index).padStart(2, '0')}`,
  name,
  parent:
    index === 10
      ? 'Sauder / Undergraduate / Operations and Logistics / Winter session / Term 2'
      : index < 5
        ? 'Sauder / Undergraduate'
        : index < 7
          ? 'Sauder / Graduate'
          : null,
}));

/** Those in which the fake's teacher may create videos. */
const MINE = [0, 2, 4, 7];

export function courseList(memory: FakeMemory): Handlers {
  const hit = (folder: (typeof FOLDERS)[number]) => ({
    ...folder,
    added: memory.courses.some(({ name }) => name === folder.name),
  });

  const add = (names: string[]): AddReport => {
    const report: AddReport = { added: [], already: [], refused: [] };
    for (const name of names) {
      const already = memory.courses.find((course) => course.name === name);
      if (already) {
        report.already.push(already);
        continue;
      }
      const seed = name.length * 7919 + memory.courses.length;
      const course = makeCourse(seed, name, { ...memory.worldOptions, videos: 18, viewers: 64 });
      memory.world.push(course);
      const summary: CourseSummary = {
        ...memory.summarise(course),
        hasData: false,
        videos: none,
        viewers: none,
        videosText: 'no videos yet',
        viewersText: 'no viewers yet',
        dataUpTo: null,
        lastSync: null,
      };
      memory.courses = [...memory.courses, summary];
      report.added.push(summary);
    }
    return report;
  };

  const fromList = (): AddReport => ({
    ...add(['COMM 294 2021W2', 'COMM 298 2021W1']),
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
  });

  return {
    courses_list: () => memory.courses,
    folders_search: async ({ query }: { query: string }) => {
      await memory.wait(250);
      memory.needServer();
      const hits = FOLDERS.filter(({ name }) => name.toLowerCase().includes(query.toLowerCase())).map(hit);
      return { hits, more: false };
    },
    folders_mine: async () => {
      await memory.wait(250);
      memory.needServer();
      return { hits: FOLDERS.filter((_, index) => MINE.includes(index)).map(hit), more: false };
    },
    courses_add: async ({ inputs }: { inputs: string[] }) => {
      await memory.wait(300);
      const names: string[] = [];
      const refused: AddReport['refused'] = [];
      for (const input of inputs) {
        const id = GUID.exec(decodeURIComponent(input))?.[0];
        if (id) names.push(FOLDERS.find((folder) => folder.id === id.toLowerCase())?.name ?? id);
        else {
          const why = error(
            'invalid-input',
            `“${input.slice(0, 40)}” is neither a folder ID nor a Panopto link`,
            'Open the folder in Panopto and copy the address of the page',
          );
          refused.push({ input: input.slice(0, 80), error: why });
        }
      }
      return { ...add(names), refused };
    },
    courses_import_pick: fromList,
    courses_import_path: fromList,
    course_remove: ({ courseId, deleteData }: { courseId: string; deleteData: boolean }) => {
      const course = memory.courses.find(({ id }) => id === courseId);
      memory.removed.set(courseId, memory.courses);
      memory.courses = memory.courses.filter(({ id }) => id !== courseId);
      return {
        undo: courseId,
        text: deleteData
          ? `${course?.name} removed; its data is deleted when the program is closed`
          : `${course?.name} removed; its data stays in the data folder`,
      };
    },
    course_remove_undo: ({ undo }: { undo: string }) => {
      const before = memory.removed.get(undo);
      if (!before) throw error('not-found', 'This removal can no longer be undone', 'Add the course again');
      memory.courses = before;
      return before;
    },
  };
}

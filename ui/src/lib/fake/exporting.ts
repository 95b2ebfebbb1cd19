// Exports of the fake: what would be written, the writing, what was written.

import type { ExportChoice, ExportPreview, ExportReport } from '../bindings/dto';
import { error } from './errors';
import { plural } from './format';
import type { FakeMemory, Handlers } from './memory';

type Tell = (event: { type: 'progress'; share: number; text: string }) => void;

function preview(memory: FakeMemory, choice: ExportChoice): ExportPreview {
  memory.exportChoice = choice;
  const chosen = memory.courses.filter(({ id }) => !choice.courseIds || choice.courseIds.includes(id));
  const videos = chosen.reduce((sum, { videos: { value } }) => sum + (value ?? 0), 0);
  const file = (name: string, what: string) => ({ name, what, replaces: memory.exportLast !== null });
  return {
    folder: memory.exportFolder,
    files: [
      file('sessions_overview.csv', 'One row for each video'),
      file('chunked_data.csv', 'What each viewer covered of each part of each video, day by day'),
      file('panopto_viewing.twb', 'A Tableau workbook that opens both'),
    ],
    text: `${plural(chosen.length, 'course')}, ${plural(videos, 'video')}`,
    warnings: chosen
      .filter(({ hasData }) => !hasData)
      .map(({ name }) => `${name} has no data yet and is left out`),
    ready: memory.exportFolder !== null && chosen.some(({ hasData }) => hasData),
  };
}

async function run(memory: FakeMemory, jobId: string, tell: Tell): Promise<ExportReport> {
  for (let step = 0; step <= 10; step += 1) {
    if (memory.cancelled.has(jobId)) throw error('cancelled', 'Stopped; what was done is kept');
    const text = step < 8 ? 'Writing chunked_data.csv' : 'Writing panopto_viewing.twb';
    tell({ type: 'progress', share: step / 10, text });
    await memory.wait(90);
  }
  memory.exportLast = 'Tue 24 Nov 2020, 09:05';
  const folder = memory.exportFolder ?? '';
  return {
    folder,
    files: [
      { name: 'sessions_overview.csv', size: '75 rows, 18 KB' },
      { name: 'chunked_data.csv', size: '81,332 rows, 7.9 MB' },
      { name: 'panopto_viewing.twb', size: '96 KB' },
    ],
    text: '3 files written',
    memory: { folder, choice: memory.exportChoice, last: memory.exportLast },
  };
}

export const exporting = (memory: FakeMemory): Handlers => ({
  export_preview: ({ request }: { request: ExportChoice }) => preview(memory, request),
  export_pick_folder: ({ request }: { request: ExportChoice }) => {
    memory.exportFolder = '/home/maya/Documents/Tableau';
    return preview(memory, request);
  },
  export_run: ({ request, jobId, onEvent }: { request: ExportChoice; jobId: string; onEvent: Tell }) => {
    memory.exportChoice = request;
    return run(memory, jobId, onEvent);
  },
  export_again: ({ jobId, onEvent }: { jobId: string; onEvent: Tell }) => run(memory, jobId, onEvent),
});

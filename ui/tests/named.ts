// A program in which people have names and the first course has a class list.

import { screen } from '@testing-library/svelte';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startProgram, type Program } from './program';
import { FIRST, showWindow, type Opened } from './open';

/** The user IDs of everybody who watched something of the first course. */
export function viewersOf(program: Program): string[] {
  const database = join(program.data, 'database');
  const folder = readdirSync(database).find((name) => name.startsWith('GEOG'));
  const lines = readFileSync(join(database, folder ?? '', 'viewing_activity.csv'), 'utf8')
    .trim()
    .split('\n');
  const column = lines[0]?.split(',').indexOf('UserId') ?? -1;
  return [...new Set(lines.slice(1).map((line) => line.split(',')[column] ?? ''))].sort();
}

/** A program in which everybody has a name, names are shown, and a class list names all viewers but ten, and two more. */
export async function named(): Promise<{ opened: Opened; enrolled: number }> {
  const program = await startProgram();
  const viewers = viewersOf(program);
  const lines = viewers.map(
    (id, at) => `${id},named,unified\\user${at},Vera,Name${at},user${at}@example.edu,2026-01-01T00:00:00Z,,,`,
  );
  const heads = 'UserId,NameState,UserName,FirstName,LastName,Email,AskedAt,Role,LeftOut,PersonUserId';
  writeFileSync(join(program.data, 'people.csv'), [heads, ...lines, ''].join('\n'));
  const state = (await program.invoke('app_state', {})) as { courses: { id: string; name: string }[] };
  const courseId = state.courses.find(({ name }) => name === FIRST)?.id ?? '';
  const listed = viewers.slice(10).map((_, at) => `"Name${at + 10}, Vera" <user${at + 10}@example.edu>`);
  const pasted = [...listed, '"Costa, Lúcia" <costa@example.edu>', '"Evans, Mair" <evans@example.edu>'].join(
    '\n',
  );
  await program.invoke('class_list_import', { request: { courseId, path: null, pasted } });
  await program.invoke('settings_set', { request: { showNames: true } });
  const opened = showWindow(program);
  await screen.findByRole('grid', { name: /^Map/ });
  return { opened, enrolled: listed.length + 2 };
}

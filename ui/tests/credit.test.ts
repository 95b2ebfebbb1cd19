// Credit for watching over the real program: videos, deadline, preview, a value of one's own, files.

import { screen, waitFor, within } from '@testing-library/svelte';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type { CreditPreview } from '../src/lib/bindings';
import { named } from './named';
import { answered, expectAccessible, lastCall, openCourse, type Opened } from './open';

async function openSheet(opened: Opened) {
  await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
  await opened.user.click(screen.getByRole('menuitem', { name: 'Credit for watching…' }));
  return within(await screen.findByRole('dialog', { name: 'Credit for watching' }));
}

/** Chooses three videos and a deadline in the far future, and waits for the preview. */
async function fillIn(opened: Opened, sheet: ReturnType<typeof within>) {
  for (const box of (await sheet.findAllByRole('checkbox')).slice(0, 3)) await opened.user.click(box);
  const by = sheet.getByRole('combobox', { name: 'By' });
  await opened.user.clear(by);
  await opened.user.type(by, '2199-01-01');
  await opened.user.tab();
  await sheet.findByRole('heading', { name: 'Preview' });
  await waitFor(async () => {
    const preview = await answered<CreditPreview>(opened, 'credit_preview');
    expect(sheet.getByText(preview.summary[0] ?? '')).toBeTruthy();
  });
}

describe('credit for watching', () => {
  it('is previewed, decided otherwise with a reason, and saved', async () => {
    const { opened, enrolled } = await named();
    const sheet = await openSheet(opened);
    expect(sheet.getByRole<HTMLButtonElement>('button', { name: 'Save…' }).disabled).toBe(true);
    await fillIn(opened, sheet);
    expect((await answered<CreditPreview>(opened, 'credit_preview')).rows).toHaveLength(enrolled);
    await expectAccessible();

    const first = sheet.getAllByRole('button', { name: /^Decide for/ })[0];
    if (!first) throw new Error('there is nobody to decide for');
    await opened.user.click(first);
    const form = within(sheet.getByRole('form', { name: /^Decide for/ }));
    await opened.user.clear(form.getByRole('textbox', { name: 'Points' }));
    await opened.user.type(form.getByRole('textbox', { name: 'Points' }), '7,5');
    expect(form.getByRole<HTMLButtonElement>('button', { name: 'Decide' }).disabled).toBe(true);
    await opened.user.type(form.getByRole('textbox', { name: 'Reason' }), 'was ill');
    await opened.user.click(form.getByRole('button', { name: 'Decide' }));
    await sheet.findByText('decided: was ill');
    await sheet.findByText('1 decided by you');

    const path = join(opened.program.dir, 'credit.csv');
    await opened.program.do('pick', path);
    await opened.user.click(sheet.getByRole('button', { name: 'Save…' }));
    await screen.findByText('credit.csv saved');
    expect(readFileSync(path, 'utf8')).toContain('example.edu');
    expect(existsSync(join(opened.program.dir, 'credit – what was counted.txt'))).toBe(true);
  });

  it('fills one column of a gradebook export', async () => {
    const { opened } = await named();
    const sheet = await openSheet(opened);
    await fillIn(opened, sheet);
    // Somebody who has points.
    const { rows } = await answered<CreditPreview>(opened, 'credit_preview');
    const row = rows.find(({ points }) => /^[\d.]+$/.test(points) && Number(points) > 0);
    const number = row?.label.match(/^Name(\d+), Vera$/)?.[1];
    if (!row || !number) throw new Error('nobody has points');
    const export_ = join(opened.program.dir, 'grades.csv');
    writeFileSync(
      export_,
      `Student,ID,SIS Login ID,Section,Watched\n"${row.label}",1,user${number}@example.edu,A,\n`,
    );
    await opened.user.type(sheet.getByRole('textbox', { name: 'Column' }), 'Nothing{Enter}');
    await waitFor(() => expect(lastCall(opened, 'credit_fill')).toBeTruthy());
    await opened.program.do('pick', export_);
    await opened.user.click(sheet.getByRole('button', { name: 'Choose the export…' }));
    expect((await sheet.findByRole('alert')).textContent).toContain('grades.csv');

    const column = sheet.getByRole('textbox', { name: 'Column' });
    await opened.user.clear(column);
    await opened.user.type(column, 'Watched');
    const filled = join(opened.program.dir, 'filled.csv');
    await opened.program.do('pick', export_);
    await opened.program.do('pick', filled);
    await opened.user.click(sheet.getByRole('button', { name: 'Choose the export…' }));
    await screen.findByText('filled.csv saved');
    const before = readFileSync(export_, 'utf8');
    expect(readFileSync(filled, 'utf8')).toBe(before.replace('edu,A,\n', `edu,A,${row.points}\n`));
    expect(before).toContain('edu,A,\n');
  });

  it('says that a class list is needed, and opens its sheet', async () => {
    const opened = await openCourse();
    const sheet = await openSheet(opened);
    await opened.user.click(await sheet.findByRole('button', { name: 'Add the class list' }));
    await screen.findByRole('dialog', { name: 'Class list' });
    expect(screen.queryByRole('dialog', { name: 'Credit for watching' })).toBeNull();
  });
});

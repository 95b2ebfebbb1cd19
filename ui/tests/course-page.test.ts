// What the course page and the video page say and offer, over the real program.

import { screen, waitFor, within } from '@testing-library/svelte';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import type {
  ChartRequest,
  CourseOverview,
  DateInput,
  DatesPage,
  OverviewRequest,
  ReportRequest,
  VideoPage,
  VideoRequest,
  VideoRow,
} from '../src/lib/bindings';
import { answered, expectAccessible, lastRequest, openCourse, openVideo } from './open';

describe('the way through the videos', () => {
  it('follows the order of the table the user came from', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('tab', { name: 'Table' }));
    await opened.user.click(screen.getByRole('button', { name: 'Viewers' }));
    await opened.user.click(screen.getByRole('button', { name: 'Viewers' }));
    const rows = () =>
      [...document.querySelectorAll<HTMLElement>('#videos .title .name[data-tip]')].map(
        ({ dataset }) => dataset.tip?.split('\n')[0],
      );
    await waitFor(() => expect(rows().length).toBeGreaterThan(3));
    const [first, second] = rows();
    await opened.user.click(document.querySelector('#videos [aria-rowindex="2"]') as HTMLElement);
    await screen.findByText('Unique viewers');
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(first);
    expect((screen.getByRole('button', { name: /^Previous video/ }) as HTMLButtonElement).disabled).toBe(
      true,
    );
    await opened.user.keyboard('{ArrowRight}');
    await waitFor(() => expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(second));
    expect(screen.getByRole('button', { name: `Previous video: ${first ?? ''}` })).toBeTruthy();
  });
});

describe('the name of a video', () => {
  it('is the place to choose another one', async () => {
    const opened = await openVideo();
    const picker = screen.getByLabelText<HTMLSelectElement>('Another video');
    const last = picker.options[picker.options.length - 1];
    await opened.user.selectOptions(picker, last?.value ?? '');
    await waitFor(() =>
      expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(last?.textContent),
    );
    expect(lastRequest<VideoRequest>(opened, 'video').sessionId).toBe(last?.value);
  });
});

describe('the title of the window', () => {
  it('names the course, and the video', async () => {
    const opened = await openVideo();
    const page = await answered<VideoPage>(opened, 'video');
    expect(document.title).toBe(`${page.name} – ${page.courseName} – Panopto Video Analytics`);
    await opened.user.keyboard('{Escape}');
    await waitFor(() => expect(document.title).toBe(`${page.courseName} – Panopto Video Analytics`));
  });
});

describe('the map', () => {
  it('can be compared with the course, in the words of Rust', async () => {
    const opened = await openCourse();
    const { mapMeasures } = await answered<CourseOverview>(opened, 'course_overview');
    const select = screen.getByLabelText('Colour by');
    expect([...select.querySelectorAll('option')].map(({ textContent }) => textContent)).toEqual(
      mapMeasures.map(({ label }) => label),
    );
    await opened.user.selectOptions(select, 'Compared with the course');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').mapMeasure).toBe('comparedWithCourse'),
    );
    expect(await screen.findByRole('img', { name: /usual in the course/ })).toBeTruthy();
  });

  it('says how many of the videos a search finds', async () => {
    const opened = await openCourse();
    await opened.user.type(screen.getByLabelText('Find a video'), 'Lecture 1');
    expect(await screen.findByText(/^\d+ of 40$/)).toBeTruthy();
  });
});

describe('the chart across time of a video', () => {
  it('shows the days of the video on request, on the next video too', async () => {
    const opened = await openVideo();
    expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(false);
    await opened.user.click(screen.getByRole('button', { name: 'Days of this video' }));
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(true));
    await opened.user.click(screen.getByRole('button', { name: /^Next video/ }));
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').itsDays).toBe(true));
    expect(screen.getByRole('button', { name: 'Days of this video' }).getAttribute('aria-pressed')).toBe(
      'true',
    );
  });
});

describe('the date range', () => {
  const day = (which: 'First' | 'Last') => screen.getByLabelText<HTMLInputElement>(`${which} chosen day`);

  it('is written out for all dates too, and can be typed', async () => {
    const opened = await openCourse();
    const { range } = await answered<CourseOverview>(opened, 'course_overview');
    expect(day('First').value).toBe(range.ends?.from);
    expect(day('Last').value).toBe(range.ends?.to);
    await opened.user.clear(day('First'));
    await opened.user.type(day('First'), '1 October{Enter}');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual({
        from: `${range.domain?.from.slice(0, 4) ?? ''}-10-01`,
        to: range.domain?.to,
      }),
    );
    await waitFor(() => expect(day('First').value).toMatch(/^\w{3} 1 Oct \d{4}$/));
  });

  it('says at once what is wrong with a day, and Escape restores what was there', async () => {
    const opened = await openCourse();
    const before = day('Last').value;
    await opened.user.clear(day('Last'));
    await opened.user.type(day('Last'), '31 Feb 2025{Enter}');
    expect((await screen.findByRole('alert')).textContent).toContain('There is no day “31 Feb 2025”.');
    expect(day('Last').getAttribute('aria-invalid')).toBe('true');
    expect(day('First').getAttribute('aria-invalid')).toBe('false');
    await opened.user.keyboard('{Escape}');
    expect(day('Last').value).toBe(before);
    expect(screen.queryByRole('alert')).toBeNull();
    // The page is still there, because Escape went to the field.
    expect(screen.getByRole('grid', { name: /^Map/ })).toBeTruthy();
    expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toBeNull();
  });
});

describe('the order of the videos', () => {
  it('follows the first viewing on request', async () => {
    const opened = await openCourse();
    const { videos } = await answered<CourseOverview>(opened, 'course_overview');
    const names = () =>
      [...document.querySelectorAll<HTMLElement>('#videos .name[data-tip]')].map(
        ({ dataset }) => dataset.tip?.split('\n')[0],
      );
    expect(names()[0]).toBe(videos[0]?.name);
    await opened.user.click(screen.getByRole('button', { name: 'Map: more' }));
    await opened.user.click(screen.getByRole('menuitemradio', { name: 'Order by first viewing' }));
    const day = (video: VideoRow) => video.figures.firstViewed?.value ?? Infinity;
    const first = videos.toSorted((a, b) => day(a) - day(b) || a.order - b.order)[0];
    expect(first?.name).not.toBe(videos[0]?.name);
    await waitFor(() => expect(names()[0]).toBe(first?.name));
    expect(screen.getByText(/In the order of first viewing/)).toBeTruthy();
  });
});

describe('views that are charts', () => {
  it('are saved as they are on screen', async () => {
    const opened = await openCourse();
    for (const [tab, item] of [
      ['Heat', 'Save the heat map as SVG'],
      ['Timelines', 'Save the timelines as PNG'],
    ] as const) {
      await opened.user.click(screen.getByRole('tab', { name: tab }));
      await opened.user.click(await screen.findByRole('button', { name: /^(Heat map|Timelines): more$/ }));
      await opened.user.click(await screen.findByRole('menuitem', { name: item }));
      await waitFor(() =>
        expect(lastRequest<ChartRequest>(opened, 'chart_save').kind).toBe(tab.toLowerCase()),
      );
    }
  });
});

describe('the one-page report', () => {
  it('covers the course and the days on screen', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'Last 28 days' }));
    await waitFor(() => expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).not.toBeNull());
    const { courseId, range } = lastRequest<OverviewRequest>(opened, 'course_overview');
    await opened.user.click(screen.getByRole('button', { name: 'Export' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'One-page report…' }));
    await waitFor(() =>
      expect(lastRequest<ReportRequest>(opened, 'report_save')).toEqual({ courseId, sessionId: null, range }),
    );
  });
});

describe('the one-page report of a video', () => {
  it('is offered on its page', async () => {
    const opened = await openVideo();
    await opened.user.click(screen.getByRole('button', { name: 'Report…' }));
    const { courseId, sessionId } = lastRequest<VideoRequest>(opened, 'video');
    await waitFor(() =>
      expect(lastRequest<ReportRequest>(opened, 'report_save')).toEqual({ courseId, sessionId, range: null }),
    );
  });
});

describe('what is covered', () => {
  it('is explained by a drawing with a description in words, and other figures are not', async () => {
    const opened = await openCourse();
    const explain = (of: string) => screen.getByRole('button', { name: `What is this? ${of}` });
    await opened.user.click(explain('Share who covered at least 75 %'));
    const drawing = screen.getByRole('img', { name: /^How coverage and parts are counted/ });
    expect(drawing.querySelector('desc')?.textContent).toContain('played twice counts once');
    await opened.user.click(explain('Viewers'));
    expect(screen.queryByRole('img', { name: /^How coverage/ })).toBeNull();
  });
});

describe('the dates of a course', () => {
  it('are put on the chart, lead to ready-made days, and are removed with undo', async () => {
    const opened = await openCourse();
    const plot = screen.getByRole('slider', { name: 'Viewers across time, day by day' });
    const before = (await answered<DatesPage>(opened, 'dates')).dates.length;
    plot.focus();
    await opened.user.keyboard('{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}{ArrowRight}d');
    const sheet = within(await screen.findByRole('dialog', { name: 'Dates of this course' }));
    const day = await sheet.findByLabelText<HTMLInputElement>('Day, or day and time');
    expect(day.value).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    await opened.user.type(sheet.getByLabelText('Name'), 'Midterm');
    await opened.user.click(sheet.getByRole('button', { name: 'Add' }));
    await sheet.findByRole('button', { name: 'Remove Midterm' });
    const kept = await answered<DatesPage>(opened, 'dates');
    expect(kept.dates).toHaveLength(before + 1);
    await opened.user.click(sheet.getByRole('button', { name: 'Done' }));
    expect(screen.getByRole('button', { name: /^Midterm, Exam/ })).toBeTruthy();

    await opened.user.click(screen.getByRole('button', { name: 'By date' }));
    await opened.user.click(screen.getByRole('menuitemradio', { name: 'Until Midterm' }));
    const until = kept.ranges.find(({ label }) => label === 'Until Midterm');
    await waitFor(() =>
      expect(lastRequest<OverviewRequest>(opened, 'course_overview').range).toEqual(until?.range),
    );

    await opened.user.click(screen.getByRole('button', { name: /^Midterm, Exam/ }));
    await opened.user.click(await screen.findByRole('button', { name: 'Remove Midterm' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Remove Midterm' })).toBeNull());
    await opened.user.click(screen.getByRole('button', { name: 'Undo' }));
    await screen.findByRole('button', { name: 'Remove Midterm' });
  });

  it('are changed in place, last several days, and follow a term that is typed', async () => {
    const opened = await openCourse();
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Dates of this course…' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Dates of this course' }));
    const { term } = await answered<DatesPage>(opened, 'dates');
    const first = term?.range.from ?? '';
    await opened.user.type(await sheet.findByLabelText('Name'), 'Reading week');
    await opened.user.selectOptions(sheet.getByLabelText('Kind'), 'break');
    await opened.user.type(sheet.getByLabelText('Day, or day and time'), first);
    await opened.user.type(sheet.getByLabelText('Last day of several'), term?.range.to ?? '');
    await opened.user.click(sheet.getByRole('button', { name: 'Add' }));
    await opened.user.click(await sheet.findByRole('button', { name: 'Change Reading week' }));
    await sheet.findByText('Change the date');
    const name = sheet.getByLabelText<HTMLInputElement>('Name');
    expect(name.value).toBe('Reading week');
    await opened.user.clear(name);
    await opened.user.type(name, 'Holidays');
    await opened.user.click(sheet.getByRole('button', { name: 'Save' }));
    await sheet.findByRole('button', { name: 'Change Holidays' });
    expect(sheet.queryByRole('button', { name: 'Change Reading week' })).toBeNull();
    const changed = lastRequest<DateInput>(opened, 'date_save');
    expect(changed).toMatchObject({ kind: 'break', start: first, end: term?.range.to });

    const typed = async (label: string, text: string) => {
      const field = sheet.getByLabelText<HTMLInputElement>(label);
      await opened.user.clear(field);
      await opened.user.type(field, `${text}{Enter}`);
    };
    await typed('Last day of the term', 'soon');
    expect((await sheet.findByRole('alert')).textContent).toContain('soon');
    await typed('Last day of the term', '2031-01-31');
    await sheet.findByRole('button', { name: 'Guess it from the viewing' });
    expect(sheet.queryByRole('alert')).toBeNull();
    expect((await answered<DatesPage>(opened, 'dates_term_set')).term).toMatchObject({
      isSet: true,
      last: '2031-01-31',
    });
    await expectAccessible();
    await opened.user.click(sheet.getByRole('button', { name: 'Guess it from the viewing' }));
    await sheet.findByText(/^Guessed from the viewing/);
  });

  it('come from a calendar that is dropped, which is shown before anything is kept', async () => {
    const opened = await openCourse();
    const { program } = opened;
    const before = (await answered<DatesPage>(opened, 'dates')).dates.length;
    const file = join(program.dir, 'timetable.ics');
    const event = (uid: string, name: string, lines: string) =>
      `BEGIN:VEVENT\nUID:${uid}\nSUMMARY:${name}\n${lines}\nEND:VEVENT\n`;
    const quiz = event('1', 'Quiz 9', 'DTSTART;TZID=Campus Time:20261103T090000');
    const gone = event('2', 'Gone', 'STATUS:CANCELLED\nDTSTART:20261104');
    writeFileSync(file, `BEGIN:VCALENDAR\n${quiz}${gone}END:VCALENDAR\n`);
    program.hand('tauri://drag-enter', { paths: [file] });
    expect(await screen.findByText(/^Drop to see which dates/)).toBeTruthy();
    program.hand('tauri://drag-drop', { paths: [file] });
    const sheet = within(await screen.findByRole('dialog', { name: 'Dates of this course' }));
    expect(await sheet.findByText('timetable.ics')).toBeTruthy();
    expect(sheet.getByText('Gone is cancelled.')).toBeTruthy();
    await expectAccessible();
    // The zone is asked for, and nothing is kept before.
    const add = sheet.getByRole<HTMLButtonElement>('button', { name: 'Import' });
    expect(add.disabled).toBe(true);
    expect(opened.names()).not.toContain('dates_import');
    await waitFor(() => expect(sheet.getByRole('option', { name: 'Europe/Zurich' })).toBeTruthy());
    await opened.user.selectOptions(sheet.getByLabelText(/^Which time zone is/), 'Europe/Zurich');
    await opened.user.click(add);
    await sheet.findByRole('button', { name: 'Change Quiz 9' });
    expect(screen.getByText('1 new date, 0 moved, 0 already there')).toBeTruthy();
    expect((await answered<DatesPage>(opened, 'dates')).dates).toHaveLength(before + 1);
    await opened.user.click(sheet.getByRole('button', { name: 'Done' }));

    // What is no calendar is told, and no sheet opens.
    writeFileSync(file, '<html>');
    program.hand('tauri://drag-drop', { paths: [file] });
    expect(await screen.findByText(/^Line 1 of .*timetable\.ics/)).toBeTruthy();
    expect(screen.queryByRole('dialog', { name: 'Dates of this course' })).toBeNull();
    location.hash = '#/settings';
    await screen.findByText('Reporting time zone');
    program.hand('tauri://drag-drop', { paths: [file] });
    expect(await screen.findByText('A calendar belongs to a course')).toBeTruthy();
  });

  it('report what is wrong with one, and save nothing', async () => {
    const opened = await openCourse();
    const before = (await answered<DatesPage>(opened, 'dates')).dates.length;
    await opened.user.click(screen.getByRole('button', { name: 'More for this course' }));
    await opened.user.click(screen.getByRole('menuitem', { name: 'Dates of this course…' }));
    const sheet = within(await screen.findByRole('dialog', { name: 'Dates of this course' }));
    await opened.user.type(await sheet.findByLabelText('Name'), 'Quiz');
    await opened.user.type(sheet.getByLabelText('Day, or day and time'), 'someday');
    await opened.user.click(sheet.getByRole('button', { name: 'Add' }));
    expect((await sheet.findByRole('alert')).textContent).toContain('someday');
    expect((await answered<DatesPage>(opened, 'dates')).dates).toHaveLength(before);
    await expectAccessible();
  });
});

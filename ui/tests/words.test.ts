// Finding what is said in the videos of a course, over the real program with its sample lectures.

import { fireEvent, screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { VideoPage, VideoRequest, WordsFound, WordsRequest } from '../src/lib/bindings';
import { answered, expectAccessible, lastRequest, openCourse } from './open';

const said = () => screen.findByRole('region', { name: 'Said in the videos' });

describe('the search of a course', () => {
  it('lists where words are said, with sentence and viewers, and opens the video at that second', async () => {
    const opened = await openCourse();
    await opened.user.type(screen.getByRole('searchbox', { name: 'Find a video' }), 'albedo depends');
    await waitFor(() => expect(lastRequest<WordsRequest>(opened, 'find_words').query).toBe('albedo depends'));
    const list = within(await said());
    await waitFor(() =>
      expect(list.getByRole('status').textContent).toMatch(
        /^\s*Said at \d+ places?, as the captions of 37 videos/,
      ),
    );
    const [first] = list.getAllByRole('button');
    expect(first?.querySelector('.at')?.textContent).toMatch(/^\d:\d\d:\d\d$/);
    expect(first?.querySelector('.watched')?.textContent).toMatch(/^\d+ viewers?( · \d+ again)?$/);
    const marked = [...(first?.querySelectorAll('mark') ?? [])].map((mark) =>
      mark.textContent?.toLowerCase(),
    );
    expect(marked).toContain('albedo');
    await expectAccessible();

    first?.focus();
    await opened.user.keyboard('{ArrowDown}');
    await waitFor(() => expect(document.activeElement).toBe(document.querySelectorAll('.said .place')[1]));
    const { places } = await answered<WordsFound>(opened, 'find_words');
    await opened.user.keyboard('{Enter}');
    await screen.findByText('Unique viewers');
    const place = places[1];
    if (!place) throw new Error('it is said once only');
    expect(lastRequest<VideoRequest>(opened, 'video').sessionId).toBe(place.sessionId);
    const { timeline } = await answered<VideoPage>(opened, 'video');
    const readings = timeline.view === 'bySecond' ? timeline.readings : [];
    const reading = readings.findLast(({ atSecs }) => atSecs <= place.atSecs);
    const chart = () => screen.getByRole('slider', { name: /by second, read second by second/ });
    await waitFor(() => expect(chart().getAttribute('aria-valuenow')).toBe(String(reading?.atSecs)));
    // A pointer that passes over the chart reads elsewhere, and the place is there again.
    const at = { clientX: (timeline.view === 'bySecond' ? timeline.chart.plot.left : 0) + 3, clientY: 60 };
    await fireEvent.pointerMove(chart(), at);
    await waitFor(() => expect(chart().getAttribute('aria-valuenow')).not.toBe(String(reading?.atSecs)));
    await fireEvent.pointerLeave(chart().parentElement as HTMLElement);
    await waitFor(() => expect(chart().getAttribute('aria-valuenow')).toBe(String(reading?.atSecs)));

    // The next video is the next one in which it is said, and Escape goes back to what was found.
    const videos = [...new Set(places.map(({ sessionId }) => sessionId))];
    const next = videos[videos.indexOf(place.sessionId) + 1];
    expect(next, 'it is said in a later video too').toBeTruthy();
    await opened.user.keyboard('{ArrowRight}');
    await waitFor(() => expect(lastRequest<VideoRequest>(opened, 'video').sessionId).toBe(next));
    await opened.user.keyboard('{Escape}');
    await said();
    expect(screen.getByRole<HTMLInputElement>('searchbox', { name: 'Find a video' }).value).toBe(
      'albedo depends',
    );
  });

  it('reports that nobody says it, and nothing at all for one letter', async () => {
    const opened = await openCourse();
    const field = screen.getByRole('searchbox', { name: 'Find a video' });
    await opened.user.type(field, 'a');
    expect(screen.queryByRole('region', { name: 'Said in the videos' })).toBeNull();
    await opened.user.clear(field);
    await opened.user.type(field, 'quaternion');
    const list = within(await said());
    await waitFor(() =>
      expect(list.getByRole('status').textContent).toContain('Not said in the captions of 37 videos'),
    );
    expect(list.queryAllByRole('button')).toEqual([]);
  });
});

// Finding what is said in the videos of a course, over the real program with its sample lectures.

import { screen, waitFor, within } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import type { WordsRequest } from '../src/lib/bindings';
import { expectAccessible, lastRequest, openCourse } from './open';

const said = () => screen.findByRole('region', { name: 'Said in the videos' });

describe('the search of a course', () => {
  it('lists where words are said, with sentence and viewers, and opens the video', async () => {
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
    await opened.user.keyboard('{Enter}');
    await screen.findByText('Unique viewers');
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

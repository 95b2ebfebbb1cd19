// Damage is reported, and repaired only when the person says so.

import { screen, waitFor } from '@testing-library/svelte';
import { describe, expect, it } from 'vitest';

import { openWindow } from './open';

describe('a damaged course list', () => {
  it('is rebuilt from what is stored', async () => {
    const { user } = await openWindow(['damagedList']);
    await user.click(await screen.findByRole('button', { name: 'Make the list anew' }));
    await screen.findByText('Viewers across time');
    expect(screen.queryByRole('button', { name: 'Make the list anew' })).toBeNull();
  });
});

describe('damaged settings', () => {
  it('are replaced by those kept last', async () => {
    const { user } = await openWindow(['damagedSettings', 'dark']);
    await user.click(await screen.findByRole('button', { name: 'Restore the settings' }));
    await screen.findByText('Viewers across time');
    await waitFor(() => expect(document.documentElement.dataset.theme).toBe('dark'));
  });

  it('are replaced by the defaults, which name no data folder', async () => {
    const { user } = await openWindow(['damagedSettings']);
    await user.click(await screen.findByRole('button', { name: 'Start with the default settings' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Restore the settings' })).toBeNull());
    expect(screen.queryByText('Viewers across time')).toBeNull();
  });
});

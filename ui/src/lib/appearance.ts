// Light and dark: the user's choice, the system's setting, and where the style sheet reads the result.

import type { AppState, Theme } from './bindings';

type Appearance = AppState['appearance'];

/** Whether the system is dark, as a query to read and to follow; absent if nobody can tell. */
export const darkQuery = () => globalThis.matchMedia?.('(prefers-color-scheme: dark)');

/** Which theme an appearance means now. */
export function themeOf(appearance: Appearance): Theme {
  if (appearance !== 'system') return appearance;
  return darkQuery()?.matches ? 'dark' : 'light';
}

/** Tells the style sheet the choice, and `theme.js` at the next start. */
export function applyAppearance(appearance: Appearance): void {
  const root = document.documentElement;
  if (appearance === 'system') delete root.dataset.theme;
  else root.dataset.theme = appearance;
  try {
    localStorage.setItem('appearance', appearance);
  } catch {
    // Without storage, the next start follows the system until the state is read.
  }
}

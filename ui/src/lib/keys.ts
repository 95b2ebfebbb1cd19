// Keyboard shortcuts: one list, from which both the handling and the dialog are made.

import type { Platform } from './bindings';

/** What a shortcut does. */
export type Action =
  | 'shortcuts'
  | 'settings'
  | 'addCourse'
  | 'syncCourse'
  | 'syncAll'
  | 'export'
  | 'exportAgain'
  | 'undo'
  | 'zoomIn'
  | 'zoomOut'
  | 'zoomReset'
  | 'find'
  | 'previous'
  | 'next'
  | 'back'
  | 'moment'
  | 'openThere'
  | 'compare'
  | 'tab1'
  | 'tab2'
  | 'tab3'
  | 'tab4'
  | 'tab5';

interface Shortcut {
  action: Action;
  key: string;
  /** With Ctrl, on macOS with Command. */
  mod?: boolean;
  shift?: boolean;
  /** Means something else where text is typed, once there is some. */
  notTyping?: boolean;
}

export const SHORTCUTS: Shortcut[] = [
  { action: 'shortcuts', key: '?' },
  { action: 'settings', key: ',', mod: true },
  { action: 'addCourse', key: 'n', mod: true },
  { action: 'syncCourse', key: 'r', mod: true },
  { action: 'syncAll', key: 'r', mod: true, shift: true },
  { action: 'export', key: 'e', mod: true },
  { action: 'exportAgain', key: 'e', mod: true, shift: true },
  { action: 'undo', key: 'z', mod: true, notTyping: true },
  // Where + and = are one key, and where each has its own.
  { action: 'zoomIn', key: '+', mod: true },
  { action: 'zoomIn', key: '+', mod: true, shift: true },
  { action: 'zoomIn', key: '=', mod: true },
  { action: 'zoomOut', key: '-', mod: true },
  { action: 'zoomReset', key: '0', mod: true },
  { action: 'find', key: 'f', mod: true },
  { action: 'find', key: '/' },
  { action: 'previous', key: 'ArrowLeft' },
  { action: 'next', key: 'ArrowRight' },
  { action: 'back', key: 'Escape' },
  // With Shift, the one before.
  { action: 'moment', key: 'm' },
  { action: 'openThere', key: 'o' },
  { action: 'compare', key: 'c' },
  { action: 'tab1', key: '1' },
  { action: 'tab2', key: '2' },
  { action: 'tab3', key: '3' },
  { action: 'tab4', key: '4' },
  { action: 'tab5', key: '5' },
];

/** Whether the key is meant for what has the focus. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.tagName === 'TEXTAREA' ||
      (target instanceof HTMLInputElement && !/^(checkbox|radio|button)$/.test(target.type)))
  );
}

/** Whether a key chooses in the list that has the focus: every key does but the digits, with which no choice begins. */
const isChoosing = (target: EventTarget | null, key: string): boolean =>
  target instanceof HTMLSelectElement && !/^\d$/.test(key);

/** Whether it is a field with nothing in it. */
const isEmpty = (target: EventTarget | null): boolean =>
  (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.value === '';

/** The action of a key press, if it is one. Under a dialog every key is the dialog's, Escape too. */
export function actionOf(event: KeyboardEvent, platform: Platform): Action | null {
  if (document.querySelector('dialog[open]')) return null;
  const mod = platform === 'mac' ? event.metaKey : event.ctrlKey;
  const other = platform === 'mac' ? event.ctrlKey : event.metaKey;
  if (other || event.altKey || event.isComposing) return null;
  const typing = isTyping(event.target) || isChoosing(event.target, event.key);
  for (const shortcut of SHORTCUTS) {
    if (Boolean(shortcut.mod) !== mod) continue;
    if (typing && (!shortcut.mod || (shortcut.notTyping && !isEmpty(event.target)))) continue;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key !== shortcut.key) continue;
    // "?" needs Shift on most keyboards, so Shift only counts where it is asked for or with the modifier.
    if (shortcut.mod && Boolean(shortcut.shift) !== event.shiftKey) continue;
    return shortcut.action;
  }
  return null;
}

/** How a key is written on this system. */
export function keyText(key: string, platform: Platform): string {
  return platform === 'mac' ? key.replace('Mod+', '⌘').replace('Shift+', '⇧') : key.replace('Mod+', 'Ctrl+');
}

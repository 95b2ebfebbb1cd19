// Keyboard shortcuts: one list, used both for handling them and for the dialog.

import type { Platform } from './bindings';

/** What a shortcut does. */
export type Action =
  | 'guide'
  | 'shortcuts'
  | 'settings'
  | 'addCourse'
  | 'syncCourse'
  | 'syncAll'
  | 'export'
  | 'exportAgain'
  | 'present'
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
  | 'tab5'
  | 'tab6';

interface Shortcut {
  action: Action;
  key: string;
  /** With Ctrl, on macOS with Command. */
  mod?: boolean;
  shift?: boolean;
  /** Means something else in a text field that is not empty. */
  notTyping?: boolean;
}

export const SHORTCUTS: Shortcut[] = [
  { action: 'guide', key: 'F1' },
  { action: 'shortcuts', key: '?' },
  { action: 'settings', key: ',', mod: true },
  { action: 'addCourse', key: 'n', mod: true },
  { action: 'syncCourse', key: 'r', mod: true },
  { action: 'syncAll', key: 'r', mod: true, shift: true },
  { action: 'export', key: 'e', mod: true },
  { action: 'exportAgain', key: 'e', mod: true, shift: true },
  { action: 'present', key: 'p', mod: true, shift: true },
  { action: 'undo', key: 'z', mod: true, notTyping: true },
  // On some keyboards + and = share a key, on others each has its own.
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
  { action: 'tab6', key: '6' },
];

/** Whether the focused element takes this key. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.tagName === 'TEXTAREA' ||
      (target instanceof HTMLInputElement && !/^(checkbox|radio|button)$/.test(target.type)))
  );
}

/** Whether a key selects in the focused list. Every key does, except digits, because no entry begins with one. */
const isChoosing = (target: EventTarget | null, key: string): boolean =>
  target instanceof HTMLSelectElement && !/^\d$/.test(key);

/** Whether it is an empty field. */
const isEmpty = (target: EventTarget | null): boolean =>
  (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) && target.value === '';

/** The action of a key press, if it is one. Under a dialog every key belongs to the dialog, Escape too. */
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
    // "?" needs Shift on most keyboards, so Shift only counts if the shortcut asks for it or has the modifier.
    if (shortcut.mod && Boolean(shortcut.shift) !== event.shiftKey) continue;
    return shortcut.action;
  }
  return null;
}

/** How a key is written on this system. */
export function keyText(key: string, platform: Platform): string {
  return platform === 'mac' ? key.replace('Mod+', '⌘').replace('Shift+', '⇧') : key.replace('Mod+', 'Ctrl+');
}

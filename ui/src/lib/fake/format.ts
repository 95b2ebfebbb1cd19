// Numbers as people read them. Only for the fake: in the program Rust does this.

import type { Figure } from '../bindings/dto';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'June', 'July', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

export const count = (value: number): Figure => ({ value, text: value.toLocaleString('en-US') });

export const none: Figure = { value: null, text: '–' };

export const percent = (part: number, whole: number, digits = 1): Figure =>
  whole > 0 ? { value: (part / whole) * 100, text: `${((part / whole) * 100).toFixed(digits)} %` } : none;

export const plural = (value: number, word: string) =>
  `${value.toLocaleString('en-US')} ${word}${value === 1 ? '' : 's'}`;

const two = (value: number) => String(value).padStart(2, '0');

/** `1:59:59`. */
export function clock(secs: number): string {
  const whole = Math.round(secs);
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}

/** `370 h 12 min`, `12 min 4 s`. */
export function span(secs: number): Figure {
  const whole = Math.round(secs);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  if (hours > 0) return { value: secs, text: `${hours.toLocaleString('en-US')} h ${minutes} min` };
  return { value: secs, text: minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s` };
}

/** The date of a day, counted from 1970. */
const dateOf = (day: number) => new Date(day * 86_400_000);

export const iso = (day: number) => dateOf(day).toISOString().slice(0, 10);

export const dayOf = (text: string) => Math.round(Date.parse(`${text}T00:00:00Z`) / 86_400_000);

/** `Tue 8 Sept` or, with the year, `Tue 8 Sept 2020`. */
export function dayText(day: number, year = true): string {
  const date = dateOf(day);
  const text = `${WEEKDAYS[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
  return year ? `${text} ${date.getUTCFullYear()}` : text;
}

export const monthText = (day: number) => MONTHS[dateOf(day).getUTCMonth()] ?? '';

export const isFirstOfMonth = (day: number) => dateOf(day).getUTCDate() === 1;

// How much room names had is remembered for the next page of the same width.

import { beforeEach, expect, test } from 'vitest';

import { keepRoom, roomBefore } from '../src/lib/nameRoom';

beforeEach(() => localStorage.clear());

test('the room of a view is known again at the same width only', () => {
  expect(roomBefore('map', 900)).toBe(0);
  keepRoom('map', 900, 263);
  keepRoom('table', 900, 310);
  expect(roomBefore('map', 900)).toBe(263);
  expect(roomBefore('table', 900)).toBe(310);
  expect(roomBefore('map', 901)).toBe(0);
  expect(roomBefore('heat', 900)).toBe(0);
});

test('what is not a width is not remembered', () => {
  keepRoom('map', 0, 263);
  keepRoom('map', 900, 0);
  expect(localStorage.length).toBe(0);
});

test.each(['{damaged', 'null', '7', '{"map":7}', '{"map":{"width":900,"px":"wide"}}'])(
  'a storage that holds %s is no room',
  (text) => {
    localStorage.setItem('name-room', text);
    expect(roomBefore('map', 900)).toBe(0);
    keepRoom('map', 900, 263);
    expect(roomBefore('map', 900)).toBe(263);
  },
);

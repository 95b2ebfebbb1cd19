// Small things: addresses, keys, requests that overtake each other, tokens.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { finder } from '../src/lib/finding';
import { actionOf } from '../src/lib/keys';
import { latest } from '../src/lib/latest';
import { besideChart, outsideMap } from '../src/lib/readoutPlace';
import { formatRoute, parseRoute, type Route } from '../src/lib/route';

describe('the address', () => {
  it.each<Route>([
    { name: 'home' },
    { name: 'add' },
    { name: 'connect' },
    { name: 'settings' },
    { name: 'course', courseId: '6513270e-269e-4d37-b2a7-4de452e6b438' },
    { name: 'video', courseId: 'a/b', sessionId: '../c d' },
  ])('says $name and is read back', (route) => {
    expect(parseRoute(formatRoute(route))).toEqual(route);
  });

  it.each(['', '#', '#/nowhere', '#/course', '#/course/'])('%j is the home screen', (hash) => {
    expect(parseRoute(hash)).toEqual({ name: 'home' });
  });
});

describe('a search', () => {
  const NAMES = ['Lab 1: Thermometers', 'Lab 2: Albedo, again', 'Lecture 01: Welcome', 'Lecture 12: Albedo'];
  it.each([
    ['', NAMES],
    [' , ', NAMES],
    ['LAB', [NAMES[0], NAMES[1]]],
    ['albedo lab', [NAMES[1]]],
    ['lab 1, lecture 12', [NAMES[0], NAMES[3]]],
    ['albedo, again', [NAMES[1], NAMES[3]]],
    ['nothing', []],
  ])('for %j', (query, found) => {
    expect(NAMES.filter(finder(query))).toEqual(found);
  });
});

describe('a read-out', () => {
  const HIGH = 100;
  const cellAt = (top: number) => ({ top, bottom: top + 20 });

  it('stands over the map, or below it where there is no room over it', () => {
    expect(outsideMap(cellAt(500), { top: 300, bottom: 780 }, HIGH, 780)).toBe(194);
    expect(outsideMap(cellAt(80), { top: 60, bottom: 400 }, HIGH, 780)).toBe(406);
  });

  it('stands far from its cell where the map fills the window', () => {
    const filled = { top: -50, bottom: 400 };
    for (let top = 0; top < 380; top += 5) {
      const at = outsideMap(cellAt(top), filled, HIGH, 400);
      expect(at).toBeGreaterThanOrEqual(0);
      expect(at + HIGH).toBeLessThanOrEqual(400);
      expect(at + HIGH <= top || at >= top + 20, `cell at ${top}`).toBe(true);
    }
  });

  it('stands beside a small chart within the window', () => {
    expect(besideChart({ top: 100, bottom: 160 }, HIGH, 780)).toBe(166);
    expect(besideChart({ top: 600, bottom: 660 }, HIGH, 780)).toBe(494);
  });
});

describe('keys', () => {
  const press = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent('keydown', { key, ...more });

  it.each([
    ['?', { shiftKey: true }, 'shortcuts'],
    [',', { ctrlKey: true }, 'settings'],
    ['n', { ctrlKey: true }, 'addCourse'],
    ['R', { ctrlKey: true, shiftKey: true }, 'syncAll'],
    ['r', { ctrlKey: true }, 'syncCourse'],
    ['3', {}, 'tab3'],
    ['ArrowLeft', {}, 'previous'],
    ['n', {}, null],
    ['n', { ctrlKey: true, altKey: true }, null],
    ['ArrowLeft', { altKey: true }, null],
  ])('%s %j is %s', (key, more, action) => {
    expect(actionOf(press(key, more), 'linux')).toBe(action);
  });

  it('takes Command on macOS', () => {
    expect(actionOf(press('e', { metaKey: true }), 'mac')).toBe('export');
    expect(actionOf(press('e', { ctrlKey: true }), 'mac')).toBeNull();
  });

  it('leaves plain keys to text fields', () => {
    const input = document.body.appendChild(document.createElement('input'));
    let action: string | null = 'none';
    input.addEventListener('keydown', (event) => (action = actionOf(event, 'linux')));
    input.dispatchEvent(press('1', { bubbles: true }));
    expect(action).toBeNull();
    input.dispatchEvent(press('e', { ctrlKey: true, bubbles: true }));
    expect(action).toBe('export');
    action = 'none';
    input.dispatchEvent(press('z', { ctrlKey: true, bubbles: true }));
    expect(action).toBe('undo');
    input.value = 'x';
    input.dispatchEvent(press('z', { ctrlKey: true, bubbles: true }));
    expect(action).toBeNull();
    input.remove();
  });
});

describe('latest', () => {
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  it('runs one at a time, and only the newest of those waiting', async () => {
    const started: number[] = [];
    const done: number[] = [];
    const gates: (() => void)[] = [];
    const ask = latest(
      (n: number) => {
        started.push(n);
        return new Promise<number>((resolve) => gates.push(() => resolve(n)));
      },
      (n) => done.push(n),
      () => undefined,
    );
    [1, 2, 3, 4].forEach(ask);
    expect(started).toEqual([1]);
    gates[0]?.();
    await settle();
    expect(started).toEqual([1, 4]);
    gates[1]?.();
    await settle();
    expect(done).toEqual([1, 4]);
  });

  it('says nothing about an outdated failure', async () => {
    const failures: string[] = [];
    const ask = latest(
      (n: number) => Promise.reject(new Error(String(n))),
      () => undefined,
      (reason) => failures.push((reason as Error).message),
    );
    ask(1);
    ask(2);
    await settle();
    expect(failures).toEqual(['2']);
  });
});

describe('tokens', () => {
  const css = readFileSync(join(import.meta.dirname, '../src/tokens.css'), 'utf8');
  const blocks = [...css.matchAll(/:root([^{]*)\{([^}]*)\}/g)].map(([, selector = '', body = '']) => ({
    selector: selector.trim(),
    values: Object.fromEntries(
      [...body.matchAll(/--([\w-]+):\s*([^;]+);/g)].map(([, key, value]) => [key, value]),
    ),
  }));
  const light = blocks.find(({ selector }) => selector === '')?.values ?? {};
  const dark = blocks.find(({ selector }) => selector === "[data-theme='dark']")?.values ?? {};
  const darkBySystem = blocks.find(({ selector }) => selector === ":not([data-theme='light'])")?.values ?? {};

  function contrast(one = '', two = ''): number {
    const luminance = (hex: string) => {
      const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
        const share = parseInt(hex.slice(at, at + 2), 16) / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
    };
    const [a, b] = [luminance(one), luminance(two)];
    return Math.max(a, b) / Math.min(a, b);
  }

  it('are the same for a dark system and for a dark choice', () => {
    expect(Object.keys(dark).length).toBeGreaterThan(15);
    expect(darkBySystem).toEqual(dark);
  });

  describe.each([
    ['light', light],
    ['dark', dark],
  ])('%s', (_, tokens) => {
    it.each(['ground', 'panel', 'raised', 'hover', 'pressed', 'accent-wash', 'warn-wash', 'bad-wash'])(
      'text can be read on %s',
      (ground) => {
        expect(contrast(tokens.text, tokens[ground])).toBeGreaterThanOrEqual(4.5);
        expect(contrast(tokens['text-2'], tokens[ground])).toBeGreaterThanOrEqual(4.5);
      },
    );

    it.each([
      ['text-3', 'ground', 4.5],
      ['accent', 'ground', 4.5],
      ['accent', 'panel', 4.5],
      ['accent', 'accent-wash', 4.5],
      ['on-accent', 'accent', 4.5],
      ['bad', 'bad-wash', 4.5],
      ['line-strong', 'ground', 3],
      ['line-strong', 'raised', 3],
      ['reached', 'ground', 3],
      ['covered', 'ground', 3],
      ['time', 'ground', 3],
    ] as const)('%s on %s', (mark, ground, least) => {
      expect(contrast(tokens[mark], tokens[ground])).toBeGreaterThanOrEqual(least);
    });
  });

  it('have the hues and backgrounds of the charts', () => {
    const palette = readFileSync(join(import.meta.dirname, '../../src-tauri/charts/src/palette.rs'), 'utf8');
    const colour = (theme: string, field: string) => {
      const block = palette.split(`const ${theme}: Palette`)[1] ?? '';
      return `#${new RegExp(`\\b${field}: Rgb::new\\(0x([0-9a-f]{6})\\)`).exec(block)?.[1]}`;
    };
    for (const hue of ['reached', 'reached-area', 'covered', 'covered-area', 'time']) {
      expect(light[hue], hue).toBe(colour('LIGHT', hue.replace('-', '_')));
      expect(dark[hue], hue).toBe(colour('DARK', hue.replace('-', '_')));
    }
    expect(light.ground).toBe(colour('LIGHT', 'surface'));
    expect(dark.ground).toBe(colour('DARK', 'surface'));
  });

  it('have readable text on every colour of heat', () => {
    const palette = readFileSync(join(import.meta.dirname, '../../src-tauri/charts/src/palette.rs'), 'utf8');
    for (const [theme, tokens] of [
      ['LIGHT', light],
      ['DARK', dark],
    ] as const) {
      const block = palette.split(`const ${theme}: Palette`)[1]?.split('};')[0] ?? '';
      const one = (field: string) =>
        `#${new RegExp(`${field}: Rgb::new\\(0x([0-9a-f]{6})\\)`).exec(block)?.[1]}`;
      const scale = [...(/heat: scale\(\[([^\]]*)/.exec(block)?.[1] ?? '').matchAll(/0x([0-9a-f]{6})/g)];
      const colours = [one('heat_none'), ...scale.map(([, hex]) => `#${hex}`)];
      expect(colours).toHaveLength(21);
      const white = /const LIGHT_TEXT: Rgb = Rgb::new\(0x([0-9a-f]{6})\)/.exec(palette)?.[1];
      expect(tokens['on-heat-light']).toBe(`#${white}`);
      for (const colour of colours) {
        // White if it has the contrast, which is Rust's rule too.
        const light = contrast(tokens['on-heat-light'], colour);
        const chosen = light >= 4.5 ? light : contrast(tokens['on-heat-dark'], colour);
        expect(chosen, `${theme} ${colour}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it('have at most six sizes of type', () => {
    expect(Object.keys(light).filter((key) => key.startsWith('size-'))).toHaveLength(6);
  });
});

describe('tooltips', () => {
  it('are the window’s own everywhere: the system’s stay behind in some web views and ignore the keyboard', () => {
    const sources = import.meta.glob('../src/**/*.svelte', { query: '?raw', import: 'default', eager: true });
    const own = Object.entries(sources as Record<string, string>).filter(([, text]) =>
      // An attribute of an element, not a property of a component.
      /<[a-z][^<>]*?\stitle=/s.test(text.replaceAll('=>', '')),
    );
    expect(own.map(([file]) => file)).toEqual([]);
  });
});

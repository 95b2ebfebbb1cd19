// Drawings are parsed, never trusted.

import { describe, expect, it } from 'vitest';

import { parseSvg } from '../src/lib/svg';

const svg = (inside: string, attributes = '') =>
  parseSvg(`<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10" ${attributes}>${inside}</svg>`);

describe('a drawing', () => {
  it('keeps what a chart is made of', () => {
    const drawn = svg(
      '<g transform="translate(1,2)"><rect x="1" fill="#123456"/><text>Welcome &amp; more</text></g>',
    );
    expect(drawn?.querySelector('rect')?.getAttribute('fill')).toBe('#123456');
    expect(drawn?.querySelector('g')?.getAttribute('transform')).toBe('translate(1,2)');
    expect(drawn?.textContent).toBe('Welcome & more');
  });

  it.each([
    ['<title>A tooltip</title>', 'title'],
    ['<script>alert(1)</script>', 'script'],
    ['<style>*{display:none}</style>', 'style'],
    ['<foreignObject><body xmlns="http://www.w3.org/1999/xhtml">x</body></foreignObject>', 'foreignObject'],
    ['<image href="https://example.invalid/x.png"/>', 'image'],
    ['<use href="#x"/>', 'use'],
    ['<a href="javascript:alert(1)"><text>x</text></a>', 'a'],
    ['<animate attributeName="href" values="javascript:alert(1)"/>', 'animate'],
    ['<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="x" onerror="alert(1)"/>', '*'],
    ['<g><set attributeName="onmouseover" to="alert(1)"/></g>', 'set'],
  ])('loses %s', (inside, selector) => {
    expect(
      [...(svg(inside)?.querySelectorAll(selector) ?? [])].filter(({ localName }) => localName !== 'g'),
    ).toEqual([]);
  });

  it('loses events, links, styles and outside references', () => {
    const drawn = svg(
      '<rect onclick="x()" href="y" style="fill:red" fill="url(https://example.invalid/a)" clip-path="url(#clip)"/>',
      'onload="x()"',
    );
    const names = [...(drawn?.attributes ?? [])].map(({ name }) => name);
    expect(names).not.toContain('onload');
    expect([...(drawn?.querySelector('rect')?.attributes ?? [])].map(({ name }) => name)).toEqual([
      'clip-path',
    ]);
  });

  it.each(['', '<svg', '<html/>', 'text', '<svg width="1"/>'])(
    'is nothing where %j is no drawing',
    (text) => {
      expect(parseSvg(text)).toBeNull();
    },
  );
});

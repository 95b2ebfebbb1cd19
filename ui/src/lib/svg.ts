// Turns an SVG text into elements without ever treating it as markup of the page: it is parsed as XML, and only what a
// drawing needs is let through. Charts come from Rust, but they contain names of videos. Their own title and
// description are left out too: the window shows them in its own way, and a browser would show them as a tooltip over
// the whole chart.

const ELEMENTS = new Set([
  'svg',
  'g',
  'path',
  'rect',
  'line',
  'polyline',
  'polygon',
  'circle',
  'ellipse',
  'text',
  'tspan',
  'defs',
  'clipPath',
  'linearGradient',
  'stop',
]);

const ATTRIBUTES = new Set(
  (
    'id class x y x1 y1 x2 y2 cx cy r rx ry dx dy d points width height viewBox preserveAspectRatio transform ' +
    'fill fill-opacity fill-rule stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin ' +
    'opacity clip-path clip-rule font-family font-size font-weight font-style text-anchor dominant-baseline ' +
    'letter-spacing offset stop-color stop-opacity gradientUnits shape-rendering vector-effect direction unicode-bidi'
  ).split(' '),
);

const SVG = 'http://www.w3.org/2000/svg';

function clean(element: Element): void {
  for (const { name, value } of [...element.attributes]) {
    const outside = /url\(\s*['"]?(?!#)/i.test(value);
    if (name !== 'xmlns' && (!ATTRIBUTES.has(name) || outside)) element.removeAttribute(name);
  }
  for (const child of [...element.children]) {
    if (child.namespaceURI === SVG && ELEMENTS.has(child.localName)) clean(child);
    else child.remove();
  }
}

/** The drawing, or `null` if the text is not one. */
export function parseSvg(text: string): SVGSVGElement | null {
  if (!text) return null;
  const root = new DOMParser().parseFromString(text, 'image/svg+xml').documentElement;
  if (root.namespaceURI !== SVG || root.localName !== 'svg') return null;
  clean(root);
  // Adopted, not copied, because dragging a date range draws many times a second.
  return document.adoptNode(root) as unknown as SVGSVGElement;
}

/** Action: shows the drawing inside the element, hidden from screen readers, which get the chart's words instead. */
export function drawing(node: HTMLElement, text: string) {
  let shown: string | undefined;
  const show = (next: string) => {
    if (next === shown) return;
    shown = next;
    const svg = parseSvg(next);
    svg?.setAttribute('aria-hidden', 'true');
    svg?.setAttribute('focusable', 'false');
    // One replacement, so that the old drawing stays until the new one is complete: no flicker while dragging.
    node.replaceChildren(...(svg ? [svg] : []));
  };
  show(text);
  return { update: show };
}

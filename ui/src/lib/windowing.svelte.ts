// Draws only the rows that can be seen, so that 2,000 videos scroll as easily as 20.

/** What a windowed list needs to know about itself. */
export interface Rows {
  /** How many items there are. */
  count: () => number;
  /** The height of a row in pixels. */
  rowHeight: () => number;
  /** How many items stand side by side in a row of this width. */
  columns?: (width: number) => number;
  /** The height of a head that stays in place. */
  headHeight?: number;
}

const OVERSCAN_ROWS = 8;
/** Rows come and go in groups of this many, so that scrolling does little work. */
const STEP_ROWS = 4;
/** Used if the layout is unknown, as in tests without one. */
const ASSUMED_HEIGHT = 640;

export class Windowing {
  #rows: Rows;
  #node: HTMLElement | null = null;
  #scrollTop = $state(0);
  #height = $state(ASSUMED_HEIGHT);
  /** The width available for the content. */
  width = $state(0);

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  get columns(): number {
    return Math.max(1, this.#rows.columns?.(this.width) ?? 1);
  }

  get rowCount(): number {
    return Math.ceil(this.#rows.count() / this.columns);
  }

  /** Height of all rows together. */
  get total(): number {
    return this.rowCount * this.#rows.rowHeight();
  }

  /** The first item to draw. */
  get first(): number {
    const top = Math.floor(this.#scrollTop / this.#rows.rowHeight() / STEP_ROWS) * STEP_ROWS;
    return Math.max(0, Math.min(top - OVERSCAN_ROWS, this.rowCount - 1)) * this.columns;
  }

  /** One past the last item to draw. */
  get end(): number {
    const below = (this.#scrollTop + this.#height) / this.#rows.rowHeight();
    const bottom = Math.ceil(below / STEP_ROWS) * STEP_ROWS + OVERSCAN_ROWS;
    return Math.min(this.#rows.count(), bottom * this.columns);
  }

  /** Where the first drawn row starts. */
  get offset(): number {
    return (this.first / this.columns) * this.#rows.rowHeight();
  }

  /** How many rows fit, for page up and down. */
  get pageRows(): number {
    const height = this.#height - (this.#rows.headHeight ?? 0);
    return Math.max(1, Math.floor(height / this.#rows.rowHeight()) - 1);
  }

  /** Action: the element that scrolls. Tells the style sheet how wide its scroll bar is, as `--bar`. */
  attach = (node: HTMLElement) => {
    this.#node = node;
    const measure = () => {
      this.#height = node.clientHeight || ASSUMED_HEIGHT;
      node.style.setProperty('--bar', `${Math.max(0, node.offsetWidth - node.clientWidth)}px`);
      const { paddingLeft, paddingRight } = getComputedStyle(node);
      this.width = node.clientWidth - (parseFloat(paddingLeft) || 0) - (parseFloat(paddingRight) || 0);
    };
    const scrolled = () => (this.#scrollTop = node.scrollTop);
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    measure();
    node.addEventListener('scroll', scrolled, { passive: true });
    return {
      destroy: () => {
        observer.disconnect();
        node.removeEventListener('scroll', scrolled);
      },
    };
  };

  /** Starts at an item, somewhat below the top, and focuses it unless the keyboard is in use elsewhere. */
  begin(index: number): void {
    if (!this.#node) return;
    const top = Math.floor(index / this.columns) * this.#rows.rowHeight();
    this.#node.scrollTop = Math.max(0, top - this.#height / 3);
    this.#scrollTop = this.#node.scrollTop;
    const unused = document.activeElement === document.body || document.activeElement?.localName === 'main';
    if (unused) this.#node.focus({ preventScroll: true });
  }

  /** The item that a key leads to from this one, scrolled into view; `null` if the key leads nowhere. */
  follow(key: string, from: number): number | null {
    const page = this.columns * this.pageRows;
    const count = this.#rows.count();
    const steps: Record<string, number> = {
      ArrowDown: this.columns,
      ArrowUp: -this.columns,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const step = steps[key];
    if (step === undefined) return null;
    const to = Math.max(0, Math.min(count - 1, from + step));
    this.reveal(to);
    return to;
  }

  /** Scrolls as little as needed to show an item. */
  reveal(index: number): void {
    if (!this.#node) return;
    const height = this.#rows.rowHeight();
    const top = Math.floor(index / this.columns) * height;
    const view = this.#height - (this.#rows.headHeight ?? 0);
    if (top < this.#node.scrollTop) this.#node.scrollTop = top;
    else if (top + height > this.#node.scrollTop + view) this.#node.scrollTop = top + height - view;
    this.#scrollTop = this.#node.scrollTop;
  }
}

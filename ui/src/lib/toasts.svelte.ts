// Short messages at the lower edge: at most three, each for a while, longer while it is hovered or has the focus.

/** One message. */
export interface Toast {
  id: number;
  text: string;
  hint: string | null;
  bad: boolean;
  action: { label: string; run: () => void; keys?: string } | null;
}

const MOST = 3;
const SHORT_MS = 8_000;
/** For a message that offers an action. */
const LONG_MS = 20_000;

export class Toasts {
  list = $state<Toast[]>([]);
  #last = 0;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- bookkeeping; nothing is drawn from it
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Shows a message; the returned number closes it. */
  tell(text: string, options: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
    const plain = { hint: null, bad: false, action: null };
    const toast: Toast = { id: ++this.#last, text, ...plain, ...options };
    this.list.slice(0, 1 - MOST).forEach(({ id }) => this.close(id));
    this.list = [...this.list, toast];
    this.resume(toast.id);
    return toast.id;
  }

  close(id: number): void {
    this.hold(id);
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  closeAll(): void {
    this.list.forEach(({ id }) => this.close(id));
  }

  /** Keeps a message while it is hovered. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  resume(id: number): void {
    this.hold(id);
    const toast = this.list.find((one) => one.id === id);
    if (!toast) return;
    const time = toast.action || toast.bad ? LONG_MS : SHORT_MS;
    this.#timers.set(
      id,
      setTimeout(() => this.close(id), time),
    );
  }
}

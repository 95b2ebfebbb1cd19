// How much room a name has. Rust cuts names to fit, so that different ones stay different.

import type { Attachment } from 'svelte/attachments';

/** Reports the width of an element, minus the part that is not for the name, now and whenever it changes. */
export function room(onroom: (px: number) => void, less = 0): Attachment<HTMLElement> {
  return (node) => {
    const observer = new ResizeObserver(() => onroom(Math.max(0, node.clientWidth - less)));
    observer.observe(node);
    return () => observer.disconnect();
  };
}

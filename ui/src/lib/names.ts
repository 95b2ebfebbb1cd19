// Names and sentences as they are shown. Text from the server is shown as text and nothing else.

/** A name that can be seen and clicked, even where the server's is blank. */
export const nameOf = (name: string): string => name.trim() || 'Without a name';

/** A sentence with its full stop; messages from Rust come without, explanations with one. */
export const sentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** A phrase from Rust, capitalised for the beginning of a line. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A text in which no number is parted from its unit at the end of a line. */
export const unbroken = (text: string): string => text.replace(/(\d) (?=%|h\b|min\b|s\b)/g, '$1\u00a0');

// Names from the server, as they are shown. They are text and nothing else.

/** A name that can be seen and clicked, even where the server's is blank. */
export const nameOf = (name: string): string => name.trim() || 'Without a name';

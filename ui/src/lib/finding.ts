// Which videos a search finds by their name and folder. What is said in them is found by Rust.

/**
 * Whether a text holds what is looked for: all words of one of the parts between commas. `lab 1, lab 4` finds two videos.
 */
export function finder(query: string): (text: string) => boolean {
  const wanted = query
    .toLocaleLowerCase()
    .split(',')
    .map((part) => part.split(/\s+/).filter(Boolean))
    .filter((words) => words.length > 0);
  if (wanted.length === 0) return () => true;
  return (text) => {
    const here = text.toLocaleLowerCase();
    return wanted.some((words) => words.every((word) => here.includes(word)));
  };
}

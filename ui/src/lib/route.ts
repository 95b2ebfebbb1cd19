// Which screen is shown, kept in the address's fragment, so that back and forward work.

/** A screen and what it is about. */
export type Route =
  | { name: 'home' }
  | { name: 'course'; courseId: string }
  | { name: 'video'; courseId: string; sessionId: string }
  | { name: 'add' }
  | { name: 'connect' }
  | { name: 'settings' };

/** Reads a fragment; anything unknown is the home screen. */
export function parseRoute(hash: string): Route {
  const [name, first, second] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  switch (name) {
    case 'course':
      if (first && second) return { name: 'video', courseId: first, sessionId: second };
      return first ? { name: 'course', courseId: first } : { name: 'home' };
    case 'add':
    case 'connect':
    case 'settings':
      return { name };
    default:
      return { name: 'home' };
  }
}

/** Writes a fragment. */
export function formatRoute(route: Route): string {
  switch (route.name) {
    case 'course':
      return `#/course/${encodeURIComponent(route.courseId)}`;
    case 'video':
      return `#/course/${encodeURIComponent(route.courseId)}/${encodeURIComponent(route.sessionId)}`;
    case 'home':
      return '#/';
    default:
      return `#/${route.name}`;
  }
}

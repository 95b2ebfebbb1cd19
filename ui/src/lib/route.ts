// Which screen is shown, kept in the address's fragment, so that back and forward work.

/** A screen and what it is about. */
export type Route =
  | { name: 'home' }
  | { name: 'course'; courseId: string }
  | { name: 'video'; courseId: string; sessionId: string; people?: true }
  | { name: 'person'; courseId: string; key: string }
  | { name: 'add' }
  | { name: 'connect' }
  | { name: 'settings' };

/** Reads a fragment; anything unknown is the home screen. */
export function parseRoute(hash: string): Route {
  const [name, first, second, third] = hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
  switch (name) {
    case 'course':
      if (first && second === 'person' && third) return { name: 'person', courseId: first, key: third };
      if (first && second && third === 'people')
        return { name: 'video', courseId: first, sessionId: second, people: true };
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
      return `#/course/${encodeURIComponent(route.courseId)}/${encodeURIComponent(route.sessionId)}${route.people ? '/people' : ''}`;
    case 'person':
      return `#/course/${encodeURIComponent(route.courseId)}/person/${encodeURIComponent(route.key)}`;
    case 'home':
      return '#/';
    default:
      return `#/${route.name}`;
  }
}

/** The course that a screen is about. */
export const courseOf = (route: Route): string | null => ('courseId' in route ? route.courseId : null);

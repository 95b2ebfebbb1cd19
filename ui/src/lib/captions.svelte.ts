// What is said in the video on screen: asked for once, and read out second by second.

import type { VideoCaptions } from './bindings';
import * as ipc from './ipc';
import { latest } from './latest';

export class Spoken {
  #captions = $state.raw<VideoCaptions | null>(null);

  /** Asks for them, after all that is drawn. */
  readonly ask = latest(
    (asked: { courseId: string; sessionId: string }) => ipc.videoCaptions(asked.courseId, asked.sessionId),
    (answer) => (this.#captions = answer),
    // The page itself tells what is wrong with the course.
    () => (this.#captions = null),
  );

  /** Why a video has no words; absent where it has, and where nobody knows yet. */
  nothingOf(sessionId: string): string | null {
    return this.#captions?.sessionId === sessionId ? this.#captions.nothing : null;
  }

  /** What is said in a video at a whole second. */
  at(sessionId: string, atSecs: number | null): string | null {
    if (atSecs === null || this.#captions?.sessionId !== sessionId) return null;
    const { said } = this.#captions;
    const stretch = said.findLast(({ fromSecs }) => fromSecs <= atSecs);
    return stretch && atSecs < stretch.toSecs ? stretch.text : null;
  }
}

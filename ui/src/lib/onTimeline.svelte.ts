// Where somebody is on the timeline of a video: what is read out, what is on screen, which moment they went to. It stays while
// they look at the people of the video, and begins anew with another video.

import type { Stretch, VideoPage } from './bindings';
import { showing } from './stretch';

export class OnTimeline {
  /** The part of the video read out, the same in both charts over the parts. */
  part = $state<number | null>(null);
  /** The second read out. */
  atSecs = $state<number | null>(null);
  /** The stretch of the video on screen; `null`: all of it. */
  zoomed = $state.raw<Stretch | null>(null);
  /** The moment that somebody went to. */
  chosen = $state<number | null>(null);
  /** The second that somebody went to: read out again when the pointer has left the chart. */
  #goneTo: number | null = null;

  /** Another video is shown from its beginning to its end. */
  begin(atSecs: number | null): void {
    this.part = this.zoomed = this.chosen = null;
    this.atSecs = this.#goneTo = atSecs;
  }

  /** The pointer is at a second of the chart, or the keyboard has left it. */
  point(atSecs: number | null): void {
    this.atSecs = atSecs;
    if (atSecs === null) this.#goneTo = null;
  }

  /** The pointer has left the chart. */
  leave(): void {
    this.atSecs = this.#goneTo;
  }

  /** Reads a second out, and brings it into the window. */
  read(timeline: VideoPage['timeline'], atSecs: number): void {
    if (timeline.view !== 'bySecond') return;
    this.atSecs = this.#goneTo = atSecs;
    if (this.zoomed) this.zoomed = showing(timeline.window, atSecs, timeline.durationSecs);
  }
}

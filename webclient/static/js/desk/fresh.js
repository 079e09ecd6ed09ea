/**
 * After a change of who feeds a tile the old face is never shown under the new name: the picture is back with
 * the first frame that came once forwarding stood at the change.
 */
import { eachFrame } from "../frames.js";

/**
 * @param {HTMLElement} tile with one video; gets `data-seen` while its picture is the present feed's
 * @returns {(feed: string | null, reached: boolean) => void} told who feeds it, and whether forwarding stands there
 */
export function freshPicture(tile) {
  const video = /** @type {HTMLVideoElement} */ (tile.querySelector("video"));
  /** @type {string | null} */
  let feed = null;
  let reached = false;
  let seen = false;
  eachFrame(video, () => {
    if (feed !== null && reached) seen = true;
    tile.toggleAttribute("data-seen", seen);
  });
  video.addEventListener("emptied", () => {
    seen = false;
    tile.toggleAttribute("data-seen", seen);
  });
  return (nextFeed, nextReached) => {
    if (nextFeed !== feed) seen = false;
    feed = nextFeed;
    reached = nextReached;
    tile.toggleAttribute("data-seen", seen);
  };
}

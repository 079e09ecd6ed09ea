/**
 * After a change of who feeds a tile the old face is never shown under the new name: the picture is back with
 * the first frame that came once forwarding stood at the change.
 */

const STILL_LOOK_MS = 250;

/**
 * @param {HTMLElement} tile with one video; gets `data-seen` while its picture is the present feed's
 * @returns {(feed: string | null, reached: boolean) => void} told who feeds it, and whether forwarding stands there
 */
export function freshPicture(tile) {
  const video = /** @type {HTMLVideoElement} */ (tile.querySelector("video"));
  /** @type {string | null} */
  let feed = null;
  let reached = false;
  let frames = 0;
  let seen = false;
  const look = () => {
    const now = video.getVideoPlaybackQuality().totalVideoFrames;
    if (now !== frames && feed !== null && reached) seen = true;
    frames = now;
    tile.toggleAttribute("data-seen", seen);
  };
  const onFrame = () => {
    look();
    video.requestVideoFrameCallback(onFrame);
  };
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(onFrame);
  else setInterval(look, STILL_LOOK_MS);
  video.addEventListener("emptied", () => {
    seen = false;
    look();
  });
  return (nextFeed, nextReached) => {
    if (nextFeed !== feed) seen = false;
    feed = nextFeed;
    reached = nextReached;
    tile.toggleAttribute("data-seen", seen);
  };
}

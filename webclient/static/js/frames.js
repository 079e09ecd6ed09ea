/** When a playing picture is another one: what is shown of a live stream is judged by that, never by what was asked for. */

const LOOK_MS = 500;

/**
 * Calls `fn` for new frames: for each one while the page is seen, and twice a second in any case.
 * Some browsers count no frames of a live stream (Firefox), older ones tell of none; none does neither.
 * @param {HTMLVideoElement} video @param {() => void} fn
 */
export function eachFrame(video, fn) {
  let counted = 0;
  const look = () => {
    const frames = video.getVideoPlaybackQuality().totalVideoFrames;
    const another = frames > counted;
    counted = frames;
    return another;
  };
  setInterval(() => look() && fn(), LOOK_MS);
  if (!("requestVideoFrameCallback" in video)) return;
  const onFrame = () => {
    look();
    fn();
    video.requestVideoFrameCallback(onFrame);
  };
  video.requestVideoFrameCallback(onFrame);
}

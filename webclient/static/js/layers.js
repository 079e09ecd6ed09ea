/**
 * The sizes in which a seat's camera is sent: each its own stream, on only while somebody wants it.
 *
 * Who wants which is the server's to say; a person who saves data sends the lowest only. The names are the rids
 * of the call's offer. Nothing here renegotiates.
 */

/** @typedef {"suara" | "hemat" | "biasa"} Mode how much of the pictures a person wants */
/** @typedef {{ rid: string, height: number, maxBitrate: number, maxFramerate: number }} Size */

/** The lowest first; an office's uplink is a village's mobile line.
 *  @type {{ office: Size[], hall: Size[] }} */
export const SIZES = {
  office: [
    { rid: "l", height: 180, maxBitrate: 120_000, maxFramerate: 15 },
    { rid: "m", height: 360, maxBitrate: 450_000, maxFramerate: 20 },
  ],
  hall: [
    { rid: "l", height: 180, maxBitrate: 120_000, maxFramerate: 15 },
    { rid: "m", height: 360, maxBitrate: 450_000, maxFramerate: 20 },
    { rid: "h", height: 720, maxBitrate: 1_500_000, maxFramerate: 25 },
  ],
};

/** A shared screen comes in one size, few frames and before the camera: it is read, and mostly stands still.
 *  @type {Record<"office" | "hall", RTCRtpEncodingParameters>} */
export const SCREEN = {
  office: { maxBitrate: 300_000, maxFramerate: 5, priority: "high" },
  hall: { maxBitrate: 600_000, maxFramerate: 5, priority: "high" },
};

/** How many of them a person who saves data sends at most: everybody looks at the hall.
 *  @type {Record<"office" | "hall", number>} */
export const SAVED = { office: 1, hall: 2 };

/** @param {Size[]} sizes @returns {RTCRtpEncodingParameters[]} for addTransceiver */
export function encodings(sizes) {
  const full = /** @type {Size} */ (sizes.at(-1)).height;
  return sizes.map(({ rid, height, maxBitrate, maxFramerate }) => ({
    rid, maxBitrate, maxFramerate, scaleResolutionDownBy: full / height,
  }));
}

/** The encodings as they are to be now; changed in place.
 *  @param {RTCRtpEncodingParameters[]} all of the sender
 *  @param {Size[]} sizes
 *  @param {{ wanted: string[] | null, mode: Mode, saved: number, height: number | undefined }} now wanted: rids, null
 *    for all; saved: as of SAVED; height: of what the camera gives */
export function tuned(all, sizes, now) {
  const kept = now.mode === "biasa" ? sizes : sizes.slice(0, now.saved);
  // Who wants a size that is left out gets the best of the others.
  const instead = now.wanted?.some((rid) => !kept.some((size) => size.rid === rid)) ? kept.at(-1) : undefined;
  for (const one of all) {
    const size = sizes.find((s) => s.rid === one.rid);
    if (!size) continue;
    one.active = kept.includes(size) && (now.wanted === null || now.wanted.includes(size.rid) || size === instead);
    // A camera gives what it has: the sizes are those of the stream, not fractions of an unknown.
    if (now.height) one.scaleResolutionDownBy = Math.max(1, now.height / size.height);
  }
}

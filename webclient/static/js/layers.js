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
 *  @param {{ wanted: string[] | null, mode: Mode, height: number | undefined }} now wanted: rids, null for all;
 *    height: of what the camera gives */
export function tuned(all, sizes, now) {
  const lowest = /** @type {Size} */ (sizes[0]).rid;
  for (const one of all) {
    const size = sizes.find((s) => s.rid === one.rid);
    if (!size) continue;
    one.active = now.mode === "biasa" ? now.wanted === null || now.wanted.includes(size.rid) : size.rid === lowest;
    // A camera gives what it has: the sizes are those of the stream, not fractions of an unknown.
    if (now.height) one.scaleResolutionDownBy = Math.max(1, now.height / size.height);
  }
}

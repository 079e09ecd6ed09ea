/**
 * The fixed lines of a call: which slots a browser receives, what a seat sends and how much, in an order that never
 * changes. The other side of this contract is rooms/media/embedded/sdp.py. Nothing here sends or plays anything.
 */
import { iceServers } from "./boot.js";
import { encodings, SCREEN, SIZES } from "./layers.js";
import { Silence } from "./silence.js";

/** @typedef {import("./call.js").Slot} Slot */
/** @typedef {import("./call.js").Kind} Kind */
/** @typedef {import("./call.js").Part | "probe"} Part probe: none, it only finds out how the line is */
/** @typedef {{ transceiver: RTCRtpTransceiver, kind: Kind, slot: Slot | null }} Line */
/** What a seat sends: its microphone, its camera, a screen that it shares. @typedef {Kind | "screen"} Source */
/** One connection and what is on it; receivers keyed "slot kind", those of the panel "panel0 video" on.
 *  @typedef {{ pc: RTCPeerConnection, silence: Silence, lines: Line[], receivers: Map<string, RTCRtpReceiver>,
 *              senders: Map<Source, RTCRtpSender> }} Connection */

/** @type {[Slot, Kind][]} */
const RECEIVED = [
  ["aula", "audio"], ["aula", "video"],
  ["speaker", "audio"], ["speaker", "video"],
  ["responder", "audio"], ["responder", "video"],
  ["screen", "video"],
];
/** One that nothing is shown on: who wants no pictures gets none there.
 *  @type {[Slot, Kind][]} */
const PROBED = [["screen", "video"]];
/** The hall's projector: whoever is not in the hall, without a line that sound could come by.
 *  @type {[Slot, Kind][]} */
const PROJECTED = [["speaker", "video"], ["responder", "video"], ["screen", "video"]];
/** @type {[Slot, Kind][]} */
const PREVIEWS = [["preview_1", "video"], ["preview_2", "video"]];
/** As many offices are on a page of a console's panel: one of each kecamatan. */
export const PANEL_LINES = 25;

/** A microphone prefers the redundant form, which carries its last packet along: its way out may lose some.
 *  @type {Record<Kind, string[]>} */
const CODECS = { audio: ["audio/opus", "audio/red"], video: ["video/vp8", "video/rtx"] };

/** Of a seat's sound at most, in bit/s. */
const SOUND_BITRATE = { office: 40_000, hall: 64_000 };

/** A connection with all its lines, not yet offered. @param {Part} part
 *  @param {number | null} soundBitrate another than usual @returns {Connection} */
export function connect(part, soundBitrate) {
  const pc = new RTCPeerConnection({ iceServers: iceServers() });
  /** @type {Line[]} */
  const lines = [];
  for (const [slot, kind] of received(part)) {
    lines.push({ transceiver: pc.addTransceiver(kind, { direction: "recvonly" }), kind, slot });
  }
  /** @type {Connection["senders"]} */
  const senders = new Map();
  if (part === "office" || part === "hall") {
    const sent = { audio: [{ maxBitrate: soundBitrate ?? SOUND_BITRATE[part] }], video: encodings(SIZES[part]), screen: [SCREEN[part]] };
    for (const [source, sendEncodings] of /** @type {[Source, RTCRtpEncodingParameters[]][]} */ (Object.entries(sent))) {
      const kind = source === "screen" ? "video" : source;
      const transceiver = pc.addTransceiver(kind, { direction: "sendonly", sendEncodings });
      lines.push({ transceiver, kind, slot: null });
      senders.set(source, transceiver.sender);
    }
  }
  /** @type {Line[]} */
  const panel = [];
  for (let n = 0; part === "console" && n < PANEL_LINES; n += 1) {
    panel.push({ transceiver: pc.addTransceiver("video", { direction: "recvonly" }), kind: "video", slot: "panel" });
  }
  const receivers = new Map(lines.flatMap(({ transceiver, kind, slot }) => slot ? [[`${slot} ${kind}`, transceiver.receiver]] : []));
  panel.forEach(({ transceiver }, n) => receivers.set(`panel${n} video`, transceiver.receiver));
  lines.push(...panel);
  for (const { transceiver, kind, slot } of lines) prefer(transceiver, kind, slot);
  return { pc, silence: new Silence(pc, () => performance.now()), lines, receivers, senders };
}

/** @param {Part} part */
function received(part) {
  switch (part) {
    case "probe": return PROBED;
    case "projector": return PROJECTED;
    case "console": case "chair": return [...RECEIVED, ...PREVIEWS];
    default: return RECEIVED;
  }
}

/** Offers a connection, which has a local description, to the server; its answer.
 *  @param {string} base of the personal link @param {Part} part @param {Connection} connection
 *  @param {{ peer_id: string, mode: import("./layers.js").Mode, in_hall?: boolean }} who @param {AbortSignal} signal
 *  @returns {Promise<{ sdp: string, worker_epoch: number }>} */
export async function exchange(base, part, { pc, lines }, who, signal) {
  const sdp = pc.localDescription?.sdp ?? "";
  const response = await fetch(`${base}media/offer`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      ...who,
      sdp: part === "office" ? restful(sdp) : sdp,
      lines: lines.map(({ transceiver, kind, slot }) => ({ mid: transceiver.mid, kind, slot })),
    }),
    signal,
  });
  if (!response.ok) throw new Error(`offer refused: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Only Opus and VP8, and what repairs them: a small offer, and what the recordings hold.
 *  @param {RTCRtpTransceiver} transceiver @param {Kind} kind @param {Slot | null} slot */
function prefer(transceiver, kind, slot) {
  const able = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  // Of so many small pictures none is worth repairing beside its line.
  const bare = slot === "panel" ? ["video/vp8"] : null;
  const wanted = bare ?? (transceiver.direction === "sendonly" && kind === "audio" ? [...CODECS.audio].reverse() : CODECS[kind]);
  const codecs = wanted.flatMap((mime) => able.filter((c) => c.mimeType.toLowerCase() === mime));
  if (codecs.length) transceiver.setCodecPreferences(codecs);
}

/** Lets an office's microphone rest while nobody speaks; the hall's mixer must go on. Browsers do as the answer
 *  says, but never offer it. @param {string} sdp */
function restful(sdp) {
  return sdp.replaceAll("useinbandfec=1", "useinbandfec=1;usedtx=1");
}

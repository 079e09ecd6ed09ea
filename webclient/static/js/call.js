/**
 * The one call of this browser: fixed receiving slots, and for a seat its own sending lines, idle until wanted.
 *
 * Negotiated once; a change of speaker arrives in the same slot. A call is only ever built anew: when the media
 * process is another (its keys died with it) or when the connection failed. Nothing here decides who may speak.
 */
import { encodings, SIZES, tuned } from "./layers.js";
import { newId } from "./protocol.js";

/** @typedef {"aula" | "speaker" | "responder" | "screen" | "preview_1" | "preview_2"} Slot */
/** @typedef {"audio" | "video"} Kind */
/** @typedef {"viewer" | "console" | "office" | "hall"} Part
 *  What this browser is in the call: only offices and the hall send. */
/** @typedef {"idle" | "connecting" | "connected" | "lost"} CallState */
/** @typedef {{ frames: number, width: number, height: number, freezes: number, energy: number,
 *              received: number, lost: number }} SlotStats */
/** @typedef {{ lost: number, roundTrip_s: number | null }} Health lost: fraction 0..1 since the last look */

/** @type {[Slot, Kind][]} */
const RECEIVED = [
  ["aula", "audio"], ["aula", "video"],
  ["speaker", "audio"], ["speaker", "video"],
  ["responder", "audio"], ["responder", "video"],
  ["screen", "video"],
];
/** @type {[Slot, Kind][]} */
const PREVIEWS = [["preview_1", "video"], ["preview_2", "video"]];

/** A microphone prefers the redundant form, which carries its last packet along: its way out may lose some.
 *  @type {Record<Kind, string[]>} */
const CODECS = { audio: ["audio/opus", "audio/red"], video: ["video/vp8", "video/rtx"] };

/** Of a seat's sound at most, in bit/s. */
const SOUND_BITRATE = { office: 40_000, hall: 64_000 };

const JITTER_MS = 2_000;
const FIRST_RETRY_MS = 700;
const LAST_RETRY_MS = 8_000;

export class Call {
  /** @type {CallState} */
  state = "idle";
  /** How often an offer was answered: 1 for a call that nothing has interrupted. */
  negotiations = 0;
  workerEpoch = -1;
  inHall = false;

  /** @type {RTCPeerConnection | null} */
  #pc = null;
  #peerId = "";
  /** @type {Map<string, RTCRtpReceiver>} keyed "slot kind" */
  #receivers = new Map();
  /** @type {Map<Kind, RTCRtpSender>} */
  #senders = new Map();
  /** @type {Map<Slot, HTMLMediaElement>} */
  #elements = new Map();
  /** @type {{ audio: MediaStreamTrack | null, video: MediaStreamTrack | null }} */
  #tracks = { audio: null, video: null };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Of the microphone, in bit/s; null: as is usual for this part. @type {number | null} */
  #soundBitrate = null;
  /** Which sizes of the own picture somebody wants; null: all. @type {string[] | null} */
  #wanted = null;
  /** @type {import("./layers.js").Mode} */
  #mode = "biasa";
  #tuning = Promise.resolve();
  #failures = 0;
  #lastLoss = { received: 0, lost: 0 };
  /** @type {((state: CallState) => void)[]} */
  #followers = [];

  /** @param {string} base of the personal link @param {Part} part */
  constructor(base, part) {
    this.base = base;
    this.part = part;
    addEventListener("pagehide", () => this.leave());
  }

  /** @param {(state: CallState) => void} fn */
  onState(fn) {
    this.#followers.push(fn);
  }

  /** Shows a slot, sound and picture, in this element from now on, also after a rebuild.
   *  @param {Slot} slot @param {HTMLMediaElement} element */
  attach(slot, element) {
    this.#elements.set(slot, element);
    this.#feed(slot, element);
  }

  /** Sends these tracks; null sends nothing on that line. Never renegotiates.
   *  @param {MediaStreamTrack | null} audio @param {MediaStreamTrack | null} video */
  send(audio, video) {
    this.#tracks = { audio, video };
    for (const [kind, sender] of this.#senders) {
      if (sender.track !== this.#tracks[kind]) void sender.replaceTrack(this.#tracks[kind]);
    }
    this.#tune();
  }

  /** The server says which sizes of the own picture are wanted now.
   *  @param {{ peer_id: string, layers: string[] }} message */
  heed(message) {
    if (message.peer_id !== this.#peerId) return;
    this.#wanted = message.layers;
    this.#tune();
  }

  /** How much of the pictures is wanted, and sent, in this call and in those built after it.
   *  @param {import("./layers.js").Mode} mode */
  setMode(mode) {
    this.#mode = mode;
    this.#tune();
  }

  /** What this browser is called in the call, and what it asked for. */
  get choice() {
    return { peer_id: this.#peerId, mode: this.#mode };
  }

  /** Whether this console stands in the hall, whose sound is then not sent to it. The one change for which a
   *  running call is built anew. @param {boolean} inHall */
  placeInHall(inHall) {
    if (inHall === this.inHall) return;
    this.inHall = inHall;
    if (this.state !== "idle") void this.#build();
  }

  /** How many bits per second the own sound may take, in this call and in those built after it.
   *  @param {number} bitrate */
  limitSound(bitrate) {
    this.#soundBitrate = bitrate;
    const sender = this.#senders.get("audio");
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings[0]) return;
    parameters.encodings[0].maxBitrate = bitrate;
    sender.setParameters(parameters).catch((why) => console.warn("sound:", why));
  }

  /** Enters the call. @param {number} workerEpoch of the welcome */
  join(workerEpoch) {
    if (this.state !== "idle" && this.workerEpoch === workerEpoch) return;
    this.workerEpoch = workerEpoch;
    void this.#build();
  }

  /** The media process is another one: its keys died, so build anew; spread over two seconds.
   *  @param {number} workerEpoch */
  follow(workerEpoch) {
    if (this.state === "idle" || this.workerEpoch === workerEpoch) return;
    this.workerEpoch = workerEpoch;
    this.#failures = 0;
    this.#later(Math.random() * JITTER_MS);
  }

  /** Leaves the call and sends nothing any more. */
  leave() {
    if (this.state === "idle") return;
    this.#drop();
    this.#setState("idle");
  }

  /** Diagnostics: what has arrived in each slot so far. @returns {Promise<Partial<Record<Slot, SlotStats>>>} */
  async slots() {
    /** @type {Partial<Record<Slot, SlotStats>>} */
    const all = {};
    for (const [key, receiver] of this.#receivers) {
      const slot = /** @type {Slot} */ (key.split(" ")[0]);
      const s = (all[slot] ??= {
        frames: 0, width: 0, height: 0, freezes: 0, energy: 0, received: 0, lost: 0,
      });
      for (const r of (await receiver.getStats()).values()) {
        if (r.type !== "inbound-rtp") continue;
        s.received += r.packetsReceived ?? 0;
        s.lost += r.packetsLost ?? 0;
        s.energy += r.totalAudioEnergy ?? 0;
        s.frames += r.framesDecoded ?? 0;
        s.freezes += r.freezeCount ?? 0;
        s.width = r.frameWidth ?? s.width;
        s.height = r.frameHeight ?? s.height;
      }
    }
    return all;
  }

  /** Diagnostics: packets sent on the seat's own lines. @returns {Promise<{ audio: number, video: number }>} */
  async sent() {
    const all = { audio: 0, video: 0 };
    for (const [kind, sender] of this.#senders) {
      for (const r of (await sender.getStats()).values()) {
        if (r.type === "outbound-rtp") all[kind] += r.packetsSent ?? 0;
      }
    }
    return all;
  }

  /** How the line has done since the last look. @returns {Promise<Health | null>} null without a call */
  async health() {
    if (!this.#pc) return null;
    let received = 0;
    let lost = 0;
    /** @type {number | null} */
    let roundTrip_s = null;
    for (const r of (await this.#pc.getStats()).values()) {
      if (r.type === "inbound-rtp") {
        received += r.packetsReceived ?? 0;
        lost += r.packetsLost ?? 0;
      } else if (r.type === "candidate-pair" && r.nominated) {
        roundTrip_s = r.currentRoundTripTime ?? null;
      }
    }
    const newReceived = received - this.#lastLoss.received;
    const newLost = Math.max(0, lost - this.#lastLoss.lost);
    this.#lastLoss = { received, lost };
    return { lost: newReceived + newLost > 0 ? newLost / (newReceived + newLost) : 0, roundTrip_s };
  }

  async #build() {
    this.#drop();
    this.#setState("connecting");
    const pc = new RTCPeerConnection();
    this.#pc = pc;
    this.#peerId = newId();
    this.#wanted = null;
    this.#lastLoss = { received: 0, lost: 0 };
    const lines = this.#addLines(pc);
    pc.onconnectionstatechange = () => {
      if (pc !== this.#pc) return;
      if (pc.connectionState === "connected") {
        this.#failures = 0;
        this.#setState("connected");
      } else if (pc.connectionState === "failed") this.#retry();
      else if (pc.connectionState === "disconnected") this.#setState("lost");
    };
    for (const [slot, element] of this.#elements) this.#feed(slot, element);
    try {
      await pc.setLocalDescription();
      const answer = await this.#offer(pc, lines);
      if (pc !== this.#pc) return;
      await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
      this.workerEpoch = answer.worker_epoch;
      this.negotiations += 1;
      this.#tune();
    } catch (why) {
      if (pc !== this.#pc) return;
      console.warn("call:", why);
      this.#retry();
    }
  }

  /** The lines in their fixed order. @param {RTCPeerConnection} pc
   *  @returns {{ transceiver: RTCRtpTransceiver, kind: Kind, slot: Slot | null }[]} */
  #addLines(pc) {
    const lines = [];
    for (const [slot, kind] of this.part === "console" ? [...RECEIVED, ...PREVIEWS] : RECEIVED) {
      const transceiver = pc.addTransceiver(kind, { direction: "recvonly" });
      this.#receivers.set(`${slot} ${kind}`, transceiver.receiver);
      lines.push({ transceiver, kind, slot });
    }
    if (this.part === "office" || this.part === "hall") {
      for (const kind of /** @type {Kind[]} */ (["audio", "video"])) {
        const maxBitrate = this.#soundBitrate ?? SOUND_BITRATE[this.part];
        const sendEncodings = kind === "audio" ? [{ maxBitrate }] : encodings(SIZES[this.part]);
        const transceiver = pc.addTransceiver(kind, { direction: "sendonly", sendEncodings });
        this.#senders.set(kind, transceiver.sender);
        void transceiver.sender.replaceTrack(this.#tracks[kind]);
        lines.push({ transceiver, kind, slot: null });
      }
    }
    for (const { transceiver, kind } of lines) prefer(transceiver, kind);
    return lines;
  }

  /**
   * @param {RTCPeerConnection} pc
   * @param {{ transceiver: RTCRtpTransceiver, kind: Kind, slot: Slot | null }[]} lines
   * @returns {Promise<{ sdp: string, worker_epoch: number }>}
   */
  async #offer(pc, lines) {
    const response = await fetch(`${this.base}media/offer`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({
        ...this.choice,
        sdp: this.part === "office" ? restful(pc.localDescription?.sdp ?? "") : pc.localDescription?.sdp,
        in_hall: this.inHall,
        lines: lines.map(({ transceiver, kind, slot }) => ({ mid: transceiver.mid, kind, slot })),
      }),
    });
    if (!response.ok) throw new Error(`offer refused: ${response.status} ${await response.text()}`);
    return response.json();
  }

  /** @param {Slot} slot @param {HTMLMediaElement} element */
  #feed(slot, element) {
    const sound = this.#receivers.get(`${slot} audio`)?.track;
    const picture = this.#receivers.get(`${slot} video`)?.track;
    if (!sound && !picture) return;
    const stream = new MediaStream(sound ? [sound] : []);
    // An element that waits for its first picture plays no sound either: a picture joins when it comes.
    if (picture && sound && picture.muted) picture.addEventListener("unmute", () => stream.addTrack(picture), { once: true });
    else if (picture) stream.addTrack(picture);
    element.srcObject = stream;
    // Refused before the first tap; the page asks for that tap, and plays everything then.
    element.play().catch(() => {});
  }

  /** Brings the sizes of the own picture to what is wanted; one change after the other. */
  #tune() {
    const sender = this.#senders.get("video");
    if (!sender || (this.part !== "office" && this.part !== "hall")) return;
    const sizes = SIZES[this.part];
    this.#tuning = this.#tuning.then(async () => {
      const parameters = sender.getParameters();
      if (!parameters.encodings?.length || sender !== this.#senders.get("video")) return;
      const height = this.#tracks.video?.getSettings().height;
      tuned(parameters.encodings, sizes, { wanted: this.#wanted, mode: this.#mode, height });
      await sender.setParameters(parameters);
    }).catch((why) => console.warn("sizes:", why));
  }

  #retry() {
    this.#setState("lost");
    this.#later(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++) * (0.5 + Math.random() / 2));
  }

  /** @param {number} ms */
  #later(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#build(), ms);
  }

  #drop() {
    clearTimeout(this.#timer);
    if (!this.#pc) return;
    this.#pc.onconnectionstatechange = null;
    this.#pc.close();
    this.#pc = null;
    this.#receivers.clear();
    this.#senders.clear();
    fetch(`${this.base}media/${this.#peerId}`, { method: "DELETE", keepalive: true }).catch(() => {});
  }

  /** @param {CallState} state */
  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    for (const fn of this.#followers) fn(state);
  }
}

/** Only Opus and VP8, and what repairs them: a small offer, and what the recordings hold.
 *  @param {RTCRtpTransceiver} transceiver @param {Kind} kind */
function prefer(transceiver, kind) {
  const able = RTCRtpReceiver.getCapabilities(kind)?.codecs ?? [];
  const wanted = transceiver.direction === "sendonly" && kind === "audio" ? [...CODECS.audio].reverse() : CODECS[kind];
  const codecs = wanted.flatMap((mime) => able.filter((c) => c.mimeType.toLowerCase() === mime));
  if (codecs.length) transceiver.setCodecPreferences(codecs);
}

/** Lets an office's microphone rest while nobody speaks; the hall's mixer must go on. Browsers do as the answer
 *  says, but never offer it. @param {string} sdp */
function restful(sdp) {
  return sdp.replaceAll("useinbandfec=1", "useinbandfec=1;usedtx=1");
}

/**
 * The one call of this browser: fixed receiving slots, and for a seat its own sending lines, idle until wanted.
 *
 * Negotiated once; a change of speaker arrives in the same slot. A call is only ever built anew: when the media
 * process is another (its keys died with it), or when nothing comes any more: a cut, another network, a barred way.
 * The fresh one has the old one's name, so the server ends the old one as it takes it. Nothing here decides who speaks.
 */
import { SAVED, SIZES, tuned } from "./layers.js";
import { connect, exchange } from "./lines.js";
import { newId } from "./protocol.js";
import { arrived, heard, sent } from "./statistics.js";

/** @typedef {"aula" | "speaker" | "responder" | "screen" | "preview_1" | "preview_2" | "panel"} Slot */
/** @typedef {"audio" | "video"} Kind */
/** @typedef {"viewer" | "chair" | "console" | "office" | "hall" | "projector" | "broadcast"} Part
 *  What this browser is in the call: only offices and the hall send; a chair sees who is next, a console all; the hall's
 *  projector gets no sound, a broadcast nothing that is off the record. */
/** @typedef {"idle" | "connecting" | "connected" | "lost"} CallState */
/** @typedef {{ lost: number, roundTrip_s: number | null }} Health lost: fraction 0..1 since the last look */
/** @typedef {import("./lines.js").Connection} Connection */

const JITTER_MS = 2_000;
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 2_000;
const LOOK_MS = 300;
/** A line that has just had to be replaced is given longer and longer, up to so many times; forgotten after this. */
const PATIENCE = 4;
const STEADY_MS = 30_000;
/** How long a knock waits for the server, an offer for its answer. */
const KNOCK_MS = 1_000;
const OFFER_MS = 8_000;
/** In which a connection may come back by itself. */
const GRACE_MS = 600;

export class Call {
  /** @type {CallState} */
  state = "idle";
  /** How often an offer was answered: 1 for a call that nothing has interrupted. */
  negotiations = 0;
  /** How many of these brought back a call from which nothing came any more. */
  repairs = 0;
  workerEpoch = -1;
  inHall = false;

  /** @type {Connection | null} */
  #now = null;
  /** Of this browser in the call, over all its connections. */
  #peerId = "";
  /** The newest build; what belongs to an older one has been overtaken. */
  #build = 0;
  /** Whether a build is under way or due. */
  #building = false;
  /** @type {Map<Slot, HTMLMediaElement>} */
  #elements = new Map();
  /** @type {Record<import("./lines.js").Source, MediaStreamTrack | null>} */
  #tracks = { audio: null, video: null, screen: null };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** Of the microphone, in bit/s; null: as is usual for this part. @type {number | null} */
  #soundBitrate = null;
  /** Which sizes of the own picture somebody wants; null: all. @type {string[] | null} */
  #wanted = null;
  /** @type {import("./layers.js").Mode} */
  #mode = "biasa";
  #tuning = Promise.resolve();
  /** @type {HTMLMediaElement[]} */
  #panel = [];
  #failures = 0;
  /** Times the present line was replaced because nothing came, and when last. */
  #alarms = 0;
  #alarmedAt = -Infinity;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  #lastLoss = { received: 0, lost: 0 };
  /** @type {((state: CallState) => void)[]} */
  #followers = [];

  /** Whether this browser's line carries sound alone. */
  narrow = false;

  /** @param {string} base of the personal link @param {Part} part */
  constructor(base, part) {
    this.base = base;
    this.part = part;
    addEventListener("pagehide", () => this.leave());
    addEventListener("online", () => this.#hurry());
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
   *  @param {Partial<Record<import("./lines.js").Source, MediaStreamTrack | null>>} tracks */
  send(tracks) {
    this.#tracks = { ...this.#tracks, ...tracks };
    for (const [source, sender] of this.#now?.senders ?? []) {
      if (sender.track !== this.#tracks[source]) void sender.replaceTrack(this.#tracks[source]);
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

  /** The server says whether what comes to this browser has room for sound alone.
   *  @param {{ peer_id: string, narrow: boolean }} message */
  measured(message) {
    if (message.peer_id === this.#peerId) this.narrow = message.narrow;
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

  /** Shows the panel's lines, in their order, in these elements. @param {HTMLMediaElement[]} elements */
  attachPanel(elements) {
    this.#panel = elements;
    elements.forEach((element, n) => this.#feed(`panel${n}`, element));
  }

  /** Whether this console stands in the hall, whose sound is then not sent to it. The one change for which a
   *  running call is built anew. @param {boolean} inHall */
  placeInHall(inHall) {
    if (inHall === this.inHall) return;
    this.inHall = inHall;
    if (this.state !== "idle") void this.#rebuild();
  }

  /** How many bits per second the own sound may take, in this call and in those built after it.
   *  @param {number} bitrate */
  limitSound(bitrate) {
    this.#soundBitrate = bitrate;
    const sender = this.#now?.senders.get("audio");
    const parameters = sender?.getParameters();
    if (!sender || !parameters?.encodings[0]) return;
    parameters.encodings[0].maxBitrate = bitrate;
    sender.setParameters(parameters).catch((why) => console.warn("sound:", why));
  }

  /** Enters the call. @param {number} workerEpoch of the welcome */
  join(workerEpoch) {
    if (this.state !== "idle" && this.workerEpoch === workerEpoch) return;
    this.workerEpoch = workerEpoch;
    if (this.state === "idle") {
      this.#peerId = newId();
      this.narrow = false;
    }
    clearInterval(this.#looking);
    this.#looking = setInterval(() => void this.#look(), LOOK_MS);
    void this.#rebuild();
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
    this.#overtake();
    clearInterval(this.#looking);
    this.#now?.pc.close();
    this.#now = null;
    fetch(`${this.base}media/${this.#peerId}`, { method: "DELETE", keepalive: true }).catch(() => {});
    this.#setState("idle");
  }

  /** Diagnostics: what has arrived in each slot so far. */
  slots() {
    return arrived(this.#now);
  }

  /** Diagnostics: packets sent on the seat's own lines. */
  sent() {
    return sent(this.#now);
  }

  /** How the line has done since the last look. @returns {Promise<Health | null>} null without a call */
  async health() {
    if (!this.#now) return null;
    const { received, lost, roundTrip_s } = await heard(this.#now);
    const newReceived = received - this.#lastLoss.received;
    const newLost = Math.max(0, lost - this.#lastLoss.lost);
    this.#lastLoss = { received, lost };
    return { lost: newReceived + newLost > 0 ? newLost / (newReceived + newLost) : 0, roundTrip_s };
  }

  /** Builds a fresh connection that takes over from the present one.
   *  @param {boolean} [knocking] asks first whether the server can be reached at all */
  async #rebuild(knocking = false) {
    const build = this.#overtake();
    this.#building = true;
    if (this.state !== "lost") this.#setState("connecting");
    /** @type {Connection | null} */
    let next = null;
    try {
      if (knocking && !(await this.#reach(build))) return;
      next = connect(this.part, this.#soundBitrate);
      await next.pc.setLocalDescription();
      const who = { ...this.choice, in_hall: this.inHall };
      const answer = await exchange(this.base, this.part, next, who, AbortSignal.timeout(OFFER_MS));
      if (build !== this.#build) return next.pc.close();
      this.#takeOver(next);
      await next.pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
      this.workerEpoch = answer.worker_epoch;
      if (knocking && this.negotiations > 0) this.repairs += 1;
      this.negotiations += 1;
      this.#building = false;
      this.#tune();
    } catch (why) {
      next?.pc.close();
      if (build !== this.#build) return;
      console.warn("call:", why);
      this.#retry();
    }
  }

  /** Until the server answers: a line that was cut is tried again and again, at no cost to the server.
   *  @param {number} build @returns {Promise<boolean>} false: there is nothing to build any more */
  async #reach(build) {
    for (let tries = 0; build === this.#build; tries += 1) {
      const began = performance.now();
      try {
        const response = await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(KNOCK_MS) });
        if (response.ok) {
          // A server that could hardly answer may have been busy, and a cut that is over leaves the old way as it was.
          await pause(tries > 0 || performance.now() - began > KNOCK_MS / 2 ? GRACE_MS : LOOK_MS);
          return build === this.#build && !(await this.#heardAgain(build));
        }
      } catch {
        // Nobody there, or no way to them.
      }
      await pause(retryMs(tries));
      if (await this.#heardAgain(build)) return false;
    }
    return false;
  }

  /** The present connection has come back by itself: it was only held up. @param {number} build */
  async #heardAgain(build) {
    const looked = this.#now;
    if (!looked || looked.pc.connectionState !== "connected") return false;
    await looked.silence.look();
    if (build !== this.#build || looked.silence.lasts > LOOK_MS) return false;
    this.#building = false;
    this.#setState("connected");
    return true;
  }

  /** The server has answered this one's offer, and ended the present one. @param {Connection} next */
  #takeOver(next) {
    this.#now?.pc.close();
    this.#now = next;
    this.#lastLoss = { received: 0, lost: 0 };
    this.#wanted = null;
    for (const [kind, sender] of next.senders) void sender.replaceTrack(this.#tracks[kind]);
    // What shows the last picture goes on to show it until there are others.
    for (const [slot, element] of this.#elements) if (!element.srcObject) this.#feed(slot, element);
    next.pc.onconnectionstatechange = () => {
      if (next !== this.#now) return;
      if (next.pc.connectionState === "connected") {
        this.#failures = 0;
        for (const [slot, element] of this.#elements) this.#feed(slot, element);
        this.#panel.forEach((element, n) => this.#feed(`panel${n}`, element));
        this.#setState("connected");
      } else if (next.pc.connectionState === "failed") this.#alarm();
    };
  }

  async #look() {
    const looked = this.#now;
    if (!looked || this.#building) return;
    await looked.silence.look();
    if (looked !== this.#now || this.#building) return;
    if (performance.now() - this.#alarmedAt > STEADY_MS) this.#alarms = 0;
    if (looked.silence.isCut(Math.min(PATIENCE, 2 ** this.#alarms))) this.#alarm();
  }

  /** Nothing comes any more. */
  #alarm() {
    if (this.#building) return;
    this.#alarms += 1;
    this.#alarmedAt = performance.now();
    this.#setState("lost");
    void this.#rebuild(true);
  }

  /** The device says that it has a network: whatever is being waited for may be there. */
  #hurry() {
    if (this.state === "lost") void this.#rebuild(true);
  }

  /** @param {string} slot or line of the panel @param {HTMLMediaElement} element */
  #feed(slot, element) {
    const sound = this.#now?.receivers.get(`${slot} audio`)?.track;
    const picture = this.#now?.receivers.get(`${slot} video`)?.track;
    if (!sound && !picture) return;
    const shown = /** @type {MediaStream | null} */ (element.srcObject)?.getTracks() ?? [];
    if (shown.some((track) => track === sound || track === picture)) return;
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
    const sender = this.#now?.senders.get("video");
    const { part } = this;
    if (!sender || (part !== "office" && part !== "hall")) return;
    this.#tuning = this.#tuning.then(async () => {
      const parameters = sender.getParameters();
      if (!parameters.encodings?.length || sender !== this.#now?.senders.get("video")) return;
      const height = this.#tracks.video?.getSettings().height;
      // A village's line carries a screen, or a camera in more than its lowest size.
      const mode = this.#tracks.screen && part === "office" ? "hemat" : this.#mode;
      tuned(parameters.encodings, SIZES[part], { wanted: this.#wanted, mode, saved: SAVED[part], height });
      await sender.setParameters(parameters);
    }).catch((why) => console.warn("sizes:", why));
  }

  #retry() {
    this.#setState("lost");
    this.#later(retryMs(this.#failures++));
  }

  /** @param {number} ms */
  #later(ms) {
    this.#overtake();
    this.#building = true;
    this.#timer = setTimeout(() => void this.#rebuild(true), ms);
  }

  /** Whatever is being built or waited for is not wanted any more. @returns {number} the newest build */
  #overtake() {
    clearTimeout(this.#timer);
    this.#building = false;
    this.#build += 1;
    return this.#build;
  }

  /** @param {CallState} state */
  #setState(state) {
    if (this.state === state) return;
    this.state = state;
    for (const fn of this.#followers) fn(state);
  }
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((go) => setTimeout(go, ms));
}

/** Half to whole of a wait that doubles: many come back at once. @param {number} failures so far @returns {number} ms */
function retryMs(failures) {
  return Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures) * (0.5 + Math.random() / 2);
}

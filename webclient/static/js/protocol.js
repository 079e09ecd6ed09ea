/**
 * One browser's line to the meeting: hello, welcome, the sections of its view, commands with their answers.
 *
 * Driven by a WebSocket and by timers; the wire is server/signalling/PROTOCOL.md. A command is never lost to a
 * dropped line: it is sent again with the same command_id until it is acknowledged or refused, and the server
 * decides it once. Nothing here touches the page.
 */

/** @typedef {{ epoch: number, seq: number }} Position */
/** @typedef {{ type: "welcome", role: string, seat_id: string | null, grant: string, room_id: string,
 *              now: number, worker_epoch: number, ice_ready: boolean }} Welcome */
/** @typedef {"connecting" | "open" | "waiting" | "ended"} Status
 *  connecting: a socket is being opened; open: welcomed; waiting: before the next try; ended: for good. */
/** @typedef {{ code: number, message: string }} Bye */
/** @typedef {{ status: Status, welcome: Welcome, view: Position, applied: Position,
 *              media: { worker_epoch: number }, layers: { peer_id: string, mid: string, layers: string[] }, line: { peer_id: string, narrow: boolean }, takeover: { peer: string }, catatan: { version: number },
 *              takarir: { lines: string[] },
 *              bye: Bye, error: Refusal,
 *              health: { seats: Record<string, { lost: number, seen: boolean, speaking: boolean, narrow: boolean }> },
 *              sambungan: { seats: Record<string, import("./sambungan.js").Check> },
 *              halaman: { seats: Record<string, Page> },
 *              bantuan: { pesan: { id: string, seat_id: string, dari_petugas: boolean, teks: string, at: number } } }} Happenings */
/** @typedef {{ gambar: import("./layers.js").Mode, mikrofon: "nyala" | "mati" | "tanpa" | "telepon", kamera: "nyala" | "mati" | "tanpa",
 *              suara: "terbuka" | "tertahan", tampak: boolean }} Page what a seat's device has before it */
/** @typedef {{ send(text: string): void, close(code?: number): void,
 *              onopen: ((e: any) => void) | null, onclose: ((e: any) => void) | null,
 *              onmessage: ((e: { data: any }) => void) | null, onerror: ((e: any) => void) | null }} Socket */
/** @typedef {{ now(): number, after(ms: number, fn: () => void): () => void }} Timing
 *  now: monotonic ms; after: calls fn once, returns its cancellation. */

export const PROTOCOL = 1;

/** Codes of `bye` and of a closed socket. */
export const CLOSED = { BAD_HELLO: 4401, REVOKED: 4403, TOO_SLOW: 4408, TAKEN_OVER: 4409, RESTARTING: 1012 };

const PING_EVERY_MS = 15_000;
const SILENCE_MS = 40_000;
const STEADY_MS = 5_000;
const DOUBT_MS = 3_000;
const FIRST_RETRY_MS = 500;
// Nobody waits longer than this for a server that is back: 217 offices are then at most some 100 knocks a second.
const LAST_RETRY_MS = 4_000;

/** The meeting said no; `code` is stable, the message is for people. */
export class Refusal extends Error {
  /** @param {string} code @param {string} message */
  constructor(code, message) {
    super(message);
    this.name = "Refusal";
    this.code = code;
  }
}

/** @type {Timing} */
export const browserTiming = {
  now: () => performance.now(),
  after: (ms, fn) => {
    const id = setTimeout(fn, ms);
    return () => clearTimeout(id);
  },
};

export class Wire {
  /** @type {Status} */
  status = "connecting";
  /** @type {Welcome | null} */
  welcome = null;
  /** Newest position this client has seen. @type {Position | null} */
  position = null;
  /** Newest position that forwarding and recording have reached. @type {Position | null} */
  applied = null;

  /** @type {Socket | null} */
  #socket = null;
  /** @type {Map<string, unknown>} */
  #sections = new Map();
  /** @type {Map<string, Set<(value: any) => void>>} */
  #followers = new Map();
  /** @type {Map<string, Set<(value: any) => void>>} */
  #listeners = new Map();
  /** Commands without an answer yet, oldest first.
   *  @type {Map<string, { text: string, resolve: (seq: number) => void, reject: (why: Refusal) => void }>} */
  #unanswered = new Map();
  /** @type {(() => void)[]} */
  #timers = [];
  #failures = 0;
  #heardAt = 0;
  /** When each question about the time was asked, oldest first, and who waits for its answer.
   *  @type {{ at: number, done: (answered: boolean) => void }[]} */
  #asked = [];
  /** Server clock minus ours, ms, and the round trip it was measured with. */
  #offset = Date.now() - performance.now();
  #roundTrip = Infinity;

  /**
   * @param {string} url of the WebSocket
   * @param {{ open?: (url: string) => Socket, timing?: Timing, random?: () => number, uuid?: () => string }} [world]
   */
  constructor(url, world = {}) {
    this.url = url;
    this.open = world.open ?? ((u) => /** @type {Socket} */ (new WebSocket(u)));
    this.timing = world.timing ?? browserTiming;
    this.random = world.random ?? Math.random;
    this.uuid = world.uuid ?? newId;
  }

  /** Opens the line; it stays up by itself until `end`. */
  start() {
    this.#connect();
  }

  /** Tries again at once instead of waiting, e.g. when the device says that it is online. */
  retryNow() {
    if (this.status === "waiting") this.#connect();
  }

  /** Sound and picture have just been cut: if this line does not answer soon, it is opened anew. */
  doubt() {
    if (this.status !== "open") return this.retryNow();
    const socket = this.#socket;
    let answered = false;
    void this.settled().then((it) => { answered = it; });
    this.#timers.push(this.timing.after(DOUBT_MS, () => {
      if (socket === this.#socket && !answered) this.#closed(1006);
    }));
  }

  /** Server time now, ms since the epoch (UTC). */
  serverNow() {
    return this.timing.now() + this.#offset;
  }

  /** @param {string} section @returns {any} its newest value, undefined before it arrived */
  get(section) {
    return this.#sections.get(section);
  }

  /**
   * Follows one section: called at once when it is known, and after each view that brought it.
   * @template T
   * @param {string} section
   * @param {(value: T) => void} fn
   * @returns {() => void} stops following
   */
  subscribe(section, fn) {
    const all = entry(this.#followers, section);
    all.add(fn);
    if (this.#sections.has(section)) fn(/** @type {T} */ (this.#sections.get(section)));
    return () => all.delete(fn);
  }

  /**
   * @template {keyof Happenings} K
   * @param {K} what `view` comes once after each view, when all its sections are in place
   * @param {(value: Happenings[K]) => void} fn
   * @returns {() => void}
   */
  on(what, fn) {
    const all = entry(this.#listeners, what);
    all.add(fn);
    return () => all.delete(fn);
  }

  /**
   * Gives a command; it survives reconnects.
   * @param {string} type snake_case name of the command
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<number>} the journal position it was committed at; rejects with a Refusal
   */
  command(type, fields = {}) {
    const id = this.uuid();
    const text = JSON.stringify({ type, command_id: id, ...fields });
    return new Promise((resolve, reject) => {
      this.#unanswered.set(id, { text, resolve, reject });
      if (this.status === "open") this.#socket?.send(text);
    });
  }

  /** Says something that needs no answer and is not repeated; false when there is no line now.
   *  @param {string} type @param {Record<string, unknown>} [fields] */
  tell(type, fields = {}) {
    if (this.status !== "open" || !this.#socket) return false;
    this.#socket.send(JSON.stringify({ type, ...fields }));
    return true;
  }

  /** Resolves true once the server has read everything that was said before; false when the line dropped.
   *  @returns {Promise<boolean>} */
  settled() {
    return new Promise((resolve) => {
      if (!this.tell("ping")) return resolve(false);
      this.#asked.push({ at: this.timing.now(), done: resolve });
    });
  }

  #connect() {
    this.#forget();
    this.#setStatus("connecting");
    const socket = this.open(this.url);
    this.#socket = socket;
    this.#heardAt = this.timing.now();
    socket.onopen = () => {
      this.#asked.push({ at: this.timing.now(), done: () => {} });
      socket.send(JSON.stringify({ type: "hello", protocol: PROTOCOL, resume: this.position }));
    };
    socket.onmessage = (e) => {
      this.#heardAt = this.timing.now();
      this.#receive(JSON.parse(e.data));
    };
    socket.onclose = (e) => this.#closed(e.code ?? 1006);
    this.#timers.push(this.timing.after(PING_EVERY_MS, () => this.#ping()));
  }

  /** @param {any} m a message of PROTOCOL.md */
  #receive(m) {
    switch (m.type) {
      case "welcome":
        this.welcome = m;
        this.#roundTrip = Infinity;
        this.#tune(m.now);
        this.#timers.push(this.timing.after(STEADY_MS, () => { this.#failures = 0; }));
        for (const waiting of this.#unanswered.values()) this.#socket?.send(waiting.text);
        this.#setStatus("open");
        this.#emit("welcome", m);
        break;
      case "view":
        this.#show(m);
        break;
      case "ack":
        this.#unanswered.get(m.command_id)?.resolve(m.seq);
        this.#unanswered.delete(m.command_id);
        break;
      case "error":
        this.#refused(m);
        break;
      case "pong":
        this.#tune(m.now);
        break;
      case "applied":
        this.applied = { epoch: m.epoch, seq: m.seq };
        this.#emit("applied", this.applied);
        break;
      case "bye":
        this.#emit("bye", { code: m.code, message: m.message });
        break;
      case "media":
      case "takeover":
      case "catatan":
      case "takarir":
      case "layers":
      case "line":
      case "health":
      case "sambungan":
      case "halaman":
      case "bantuan":
        this.#emit(m.type, m);
        break;
    }
  }

  /** @param {{ epoch: number, seq: number, sections: Record<string, unknown> }} view */
  #show(view) {
    this.position = { epoch: view.epoch, seq: view.seq };
    // Everything is in place before anyone looks, so that a follower may read a second section.
    for (const [name, value] of Object.entries(view.sections)) this.#sections.set(name, value);
    for (const name of Object.keys(view.sections)) {
      for (const fn of this.#followers.get(name) ?? []) fn(this.#sections.get(name));
    }
    this.#emit("view", this.position);
  }

  /** @param {{ command_id: string | null, code: string, message: string }} m */
  #refused(m) {
    const refusal = new Refusal(m.code, m.message);
    const waiting = m.command_id === null ? undefined : this.#unanswered.get(m.command_id);
    if (!waiting) return this.#emit("error", refusal);
    this.#unanswered.delete(/** @type {string} */ (m.command_id));
    waiting.reject(refusal);
  }

  /** @param {number} code */
  #closed(code) {
    if (this.status === "ended") return;
    this.#forget();
    if (code === CLOSED.REVOKED || code === CLOSED.BAD_HELLO) return this.#setStatus("ended");
    this.#setStatus("waiting");
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    // Half to whole of the wait: 217 offices must not knock in the same instant after an outage.
    this.#timers.push(this.timing.after(wait * (0.5 + this.random() / 2), () => this.#connect()));
  }

  #ping() {
    if (this.timing.now() - this.#heardAt > SILENCE_MS) {
      // A line that died without a word (a router restarted) never closes by itself.
      this.#socket?.close();
      return this.#closed(1006);
    }
    void this.settled();
    this.#timers.push(this.timing.after(PING_EVERY_MS, () => this.#ping()));
  }

  /** The answer was written about half a round trip ago; keep the sharpest measurement of this connection.
   *  @param {number} serverNow */
  #tune(serverNow) {
    const question = this.#asked.shift();
    if (!question) return;
    const now = this.timing.now();
    const roundTrip = now - question.at;
    question.done(true);
    if (roundTrip > this.#roundTrip) return;
    this.#roundTrip = roundTrip;
    this.#offset = serverNow + roundTrip / 2 - now;
  }

  #forget() {
    for (const cancel of this.#timers.splice(0)) cancel();
    for (const question of this.#asked.splice(0)) question.done(false);
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (this.status === status) return;
    this.status = status;
    this.#emit("status", status);
  }

  /** @template {keyof Happenings} K @param {K} what @param {Happenings[K]} value */
  #emit(what, value) {
    for (const fn of this.#listeners.get(what) ?? []) fn(value);
  }
}

/** @template V @param {Map<string, Set<V>>} map @param {string} key @returns {Set<V>} */
function entry(map, key) {
  let all = map.get(key);
  if (!all) map.set(key, (all = new Set()));
  return all;
}

/**
 * A UUID of version 7 (RFC 9562, 5.7): its time first, so that what is kept by it stays in order.
 * Also on pages without TLS on a LAN, where crypto.randomUUID is absent.
 * @returns {string}
 */
export function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  const now = Date.now();
  for (let i = 0; i < 6; i++) b[i] = Math.floor(now / 2 ** (8 * (5 - i))) & 0xff;
  b[6] = (/** @type {number} */ (b[6]) & 0x0f) | 0x70;
  b[8] = (/** @type {number} */ (b[8]) & 0x3f) | 0x80;
  const hex = Array.from(b, (v) => v.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The WebSocket's address under a personal link. @param {string} base e.g. "/s/ab12/" */
export function socketUrl(base) {
  return new URL(`${base}ws`, location.href.replace(/^http/, "ws")).href;
}

/**
 * What every console has: the line to the meeting, one drawing per change, commands whose refusal is told
 * in words, and the answer to "is this really so on air yet?". It never decides anything by itself.
 */
import { readBoot } from "../boot.js";
import { announce, byId, el, show } from "../dom.js";
import { Wire, socketUrl } from "../protocol.js";
import { closers } from "../room/ask.js";
import { t } from "../t.js";

/** @typedef {import("./sections.js").Session} Session */
/** @typedef {import("./sections.js").Stage} Stage */
/** @typedef {import("./sections.js").Turn} Turn */
/** @typedef {import("./sections.js").Interjection} Interjection */

const TOAST_MS = 8000;

/** @returns {Console} */
export function openConsole() {
  const boot = readBoot();
  closers();
  return new Console(boot, new Wire(socketUrl(boot.base)));
}

export class Console {
  /** @type {(() => void)[]} */
  #draws = [];
  #due = false;
  /** Position at which the present value of off_record was first seen. */
  #offRecord = { value: false, seq: 0 };

  /**
   * @param {import("../boot.js").Boot} boot
   * @param {Wire} wire
   */
  constructor(boot, wire) {
    this.boot = boot;
    this.wire = wire;
    wire.subscribe("session", (/** @type {Session} */ session) => {
      if (session.off_record === this.#offRecord.value) return;
      this.#offRecord = { value: session.off_record, seq: wire.position?.seq ?? 0 };
    });
    for (const what of /** @type {const} */ (["view", "applied", "status"])) wire.on(what, () => this.redraw());
    wire.on("error", (refusal) => this.toast(refusal.message));
    wire.on("bye", (bye) => this.toast(bye.message));
    window.addEventListener("online", () => wire.retryNow());
    this.onDraw(() => this.#drawLine());
  }

  /** Opens the line; every draw registered so far has then its first run. */
  start() {
    this.wire.start();
    this.redraw();
  }

  /** @param {() => void} draw runs once per change, however many sections changed */
  onDraw(draw) {
    this.#draws.push(draw);
  }

  redraw() {
    if (this.#due) return;
    this.#due = true;
    // Not requestAnimationFrame: a console in a background tab must be right when it is looked at again.
    queueMicrotask(() => {
      this.#due = false;
      for (const draw of this.#draws) draw();
    });
  }

  /** @returns {Session | null} */
  get session() {
    return this.wire.get("session") ?? null;
  }

  /** @returns {Turn | null} */
  get turn() {
    return this.wire.get("turn") ?? null;
  }

  /** Who speaks in between, in place of or beside the speaker. @returns {Interjection | null} */
  get interjection() {
    return this.wire.get("interjection") ?? null;
  }

  /** @returns {Stage | null} */
  get stage() {
    return this.wire.get("stage") ?? null;
  }

  /**
   * @template T
   * @param {string} section
   * @returns {T[]}
   */
  list(section) {
    return this.wire.get(section) ?? [];
  }

  /** Whether forwarding and recording stand at that journal position. @param {number} seq */
  isApplied(seq) {
    const { applied, position } = this.wire;
    return applied !== null && position !== null && applied.epoch === position.epoch && applied.seq >= seq;
  }

  /** On air now, not only decided. */
  get live() {
    const { stage, turn, interjection } = this;
    // A point of order has the speaker's place to itself.
    const speaks = interjection?.kind === "interupsi" ? interjection : turn;
    return Boolean(stage && speaks && stage.slots.speaker === speaks.seat_id && this.isApplied(stage.seq));
  }

  /** Off record now: decided and done. */
  get offRecord() {
    return this.#offRecord.value && this.isApplied(this.#offRecord.seq);
  }

  /**
   * Gives a command; a refusal is told on the screen.
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   * @returns {Promise<boolean>} true once committed
   */
  async give(type, fields = {}) {
    try {
      await this.wire.command(type, fields);
      return true;
    } catch (refusal) {
      this.toast(/** @type {Error} */ (refusal).message);
      return false;
    }
  }

  /**
   * The same from a button, which cannot be pressed twice meanwhile.
   * @param {HTMLButtonElement | null} button
   * @param {string} type
   * @param {Record<string, unknown>} [fields]
   */
  async giveBy(button, type, fields = {}) {
    if (button?.getAttribute("aria-busy") === "true") return false;
    button?.setAttribute("aria-busy", "true");
    const done = await this.give(type, fields);
    button?.removeAttribute("aria-busy");
    return done;
  }

  /** @param {string} message */
  toast(message) {
    if (!message) return;
    const note = el("p", { class: "toast" }, message);
    byId("toasts", HTMLElement).append(note);
    announce(message);
    setTimeout(() => note.remove(), TOAST_MS);
  }

  #drawLine() {
    const line = byId("line", HTMLElement);
    const { status } = this.wire;
    line.dataset.status = status;
    line.textContent = status === "open" ? t("Tersambung") : status === "ended" ? t("Sambungan diakhiri") : t("Menyambung lagi…");
    show(line, status !== "open" || !line.hasAttribute("data-quiet"));
  }
}

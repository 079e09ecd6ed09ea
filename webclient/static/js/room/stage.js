/**
 * The stage as everybody sees it: the hall, the speaker, and who answers the speaker, both beside each other; a
 * shared screen is the large one, beside it who speaks.
 *
 * Driven by the sections `session`, `stage`, `interjection` and `seats`, and by `applied`: "on air" is said only
 * once forwarding stands at the stage's position. Tiles are never moved in the page, for a moved video stops.
 */
import { show } from "../dom.js";
import { t } from "../t.js";
import { turnKindWord } from "../words.js";
import { soundOnly } from "./mode.js";
import { Tile } from "./tile.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../call.js").Call} Call */
/** @typedef {import("./shapes.js").StageView} StageView */
/** @typedef {import("./shapes.js").Interjection} Interjection */
/** @typedef {import("./shapes.js").Session} Session */

const AGAIN_MS = 2_000;

/** Whether forwarding and recording stand at the stage that is shown. @param {Wire} wire */
export function reached(wire) {
  /** @type {StageView | undefined} */
  const stage = wire.get("stage");
  return !!stage && !!wire.applied && wire.applied.epoch === wire.position?.epoch && wire.applied.seq >= stage.seq;
}

export class Stage {
  /**
   * @param {Wire} wire
   * @param {Call} call
   * @param {string | null} ownSeat
   * @param {HTMLElement} root
   * @param {{ self?: HTMLElement, idle?: HTMLElement, silent?: () => boolean }} [own] self: the seat's own picture,
   *   already in the root; idle: what the hall's screen shows while nobody speaks; silent: whether nothing may be heard
   */
  constructor(wire, call, ownSeat, root, own = {}) {
    this.wire = wire;
    this.base = call.base;
    this.ownSeat = ownSeat;
    this.root = root;
    this.own = own;
    this.selfSeen = true;
    this.paged = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.again = undefined;
    this.aula = new Tile("aula");
    this.speaker = new Tile("speaker");
    this.screen = new Tile("screen", true);
    this.responder = new Tile("responder");
    root.prepend(...this.#tiles.map((tile) => tile.element));
    for (const tile of this.#tiles) call.attach(tile.slot, tile.video);
    wire.on("view", () => this.draw());
    wire.on("applied", () => this.draw());
    // Whatever was said before: it is said again if it is so.
    wire.on("welcome", () => (call.narrow = false));
    wire.on("line", (m) => call.measured(m));
    setInterval(() => {
      const cut = wire.status !== "open" || call.state !== "connected";
      for (const tile of this.#tiles) tile.look(cut, call.narrow);
    }, 500);
    this.draw();
  }

  get #tiles() {
    return [this.aula, this.speaker, this.responder, this.screen];
  }

  /** Whether there is an own picture or sound to show. @param {boolean} seen */
  showSelf(seen) {
    if (seen === this.selfSeen) return;
    this.selfSeen = seen;
    this.draw();
  }

  /** Plays what was refused before the first tap. */
  unlock() {
    for (const tile of this.#tiles) tile.video.play().catch(() => {});
  }

  draw() {
    /** @type {StageView | undefined} */
    const stage = this.wire.get("stage");
    const onAir = reached(this.wire);
    const slots = stage?.slots;
    const speaks = slots?.speaker ?? null;
    const answers = slots?.responder ?? null;
    const silent = this.own.silent?.() ?? false;
    const mine = (/** @type {string | null | undefined} */ seat) => this.ownSeat !== null && seat === this.ownSeat;

    this.aula.set(slots?.aula ?? null, t("Aula"), hallWords(this.wire.get("session")), onAir);
    for (const [tile, seat] of /** @type {const} */ ([[this.speaker, speaks], [this.responder, answers]])) {
      tile.set(seat, this.#labelOf(seat), "", onAir, this.#partOf(seat));
      // The server never sends a seat its own sound; this is the belt to those braces.
      tile.video.muted = silent || mine(seat);
      tile.element.classList.toggle("tile-live", onAir);
    }
    const screen = mine(slots?.screen) || soundOnly() ? null : slots?.screen ?? null;
    this.screen.set(screen, t("Layar dari {tempat}", { tempat: this.#labelOf(screen) }), "", onAir);
    const page = this.#page();
    this.aula.video.muted = silent || mine(slots?.aula);
    this.own.self?.classList.toggle("tile-live", (mine(speaks) || mine(answers)) && onAir);

    /** @type {HTMLElement[]} */
    const seen = [];
    if (screen || page) seen.push(this.screen.element);
    if (speaks && !mine(speaks)) seen.push(this.speaker.element);
    if (answers && !mine(answers)) seen.push(this.responder.element);
    const together = seen.length === 2 && !screen && !page;
    if (this.own.idle && seen.length === 0) seen.push(this.own.idle);
    // Beside a screen there is room for two.
    if (!this.own.idle && !((screen || page) && seen.length > 1)) seen.push(this.aula.element);
    if (this.own.self && this.selfSeen && !((screen || page) && seen.length > 2)) seen.push(this.own.self);
    this.#arrange(seen, together ? 2 : 1);
  }

  /** Slides take the place of a screen; what shows them is asked for when there are some. */
  #page() {
    /** @type {import("./page.js").Page | null} */
    const page = this.wire.get("slides") ?? null;
    if (!page && !this.paged) return null;
    this.paged = true;
    import("./page.js").then(({ showPage }) => showPage(this.screen.element, this.wire.get("slides") ?? null, this.base), () => {
      clearTimeout(this.again);
      this.again = setTimeout(() => this.draw(), AGAIN_MS);
    });
    return page;
  }

  /** @param {string | null} seat */
  #labelOf(seat) {
    /** @type {import("./shapes.js").Seat[]} */
    const seats = this.wire.get("seats") ?? [];
    return seats.find((one) => one.seat_id === seat)?.label ?? "";
  }

  /** What a seat is on stage for, where that is not its turn. @param {string | null} seat */
  #partOf(seat) {
    /** @type {Interjection | null | undefined} */
    const between = this.wire.get("interjection");
    return seat !== null && between?.seat_id === seat ? turnKindWord(between.kind) : "";
  }

  /** The first ones are the large ones. @param {HTMLElement[]} seen @param {number} large */
  #arrange(seen, large) {
    const small = seen.slice(large);
    for (const element of [...this.#tiles.map((tile) => tile.element), this.own.idle, this.own.self]) {
      if (!element) continue;
      show(element, seen.includes(element));
      element.classList.toggle("tile-main", element === seen[0]);
      element.classList.toggle("tile-pair", large === 2 && element === seen[1]);
      element.classList.toggle("tile-second", element === small[0] && small.length > 1);
    }
    this.root.dataset["beside"] = String(small.length);
    this.root.toggleAttribute("data-pair", large === 2);
  }
}

/** @param {Session | undefined} session */
function hallWords(session) {
  switch (session?.status) {
    case "disiapkan": return t("Rapat belum dibuka. Gambar dari Aula muncul di sini.");
    case "diskors": return t("Rapat diskors. Mohon menunggu.");
    case "ditutup": return t("Rapat sudah ditutup. Terima kasih.");
    default: return t("Aula belum tersambung.");
  }
}

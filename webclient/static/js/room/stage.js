/**
 * The stage as everybody sees it: the hall, the speaker, who speaks about what, and the time.
 *
 * Driven by the sections `session`, `stage`, `turn` and `seats`, and by `applied`: "on air" is said only once
 * forwarding stands at the stage's position. Tiles are never moved in the page, for a moved video stops.
 */
import { leftMs, minutes, timeMood } from "../clock.js";
import { el, icon, refill, show } from "../dom.js";
import { t } from "../t.js";
import { Tile } from "./tile.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../call.js").Call} Call */
/** @typedef {import("./shapes.js").StageView} StageView */
/** @typedef {import("./shapes.js").Turn} Turn */
/** @typedef {import("./shapes.js").Session} Session */

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
   * @param {{ self?: HTMLElement, idle?: HTMLElement }} [own] self: the seat's own picture, already in the root;
   *   idle: what the hall's screen shows while nobody speaks
   */
  constructor(wire, call, ownSeat, root, own = {}) {
    this.wire = wire;
    this.ownSeat = ownSeat;
    this.root = root;
    this.own = own;
    this.selfSeen = true;
    this.aula = new Tile("aula");
    this.speaker = new Tile("speaker");
    this.screen = new Tile("screen");
    this.responder = el("audio", { autoplay: true, hidden: true });
    root.prepend(this.aula.element, this.speaker.element, this.screen.element, this.responder);
    call.attach("aula", this.aula.video);
    call.attach("speaker", this.speaker.video);
    call.attach("screen", this.screen.video);
    call.attach("responder", this.responder);
    wire.on("view", () => this.draw());
    wire.on("applied", () => this.draw());
    setInterval(() => {
      for (const tile of [this.aula, this.speaker, this.screen]) tile.tick();
    }, 500);
    this.draw();
  }

  /** Whether there is an own picture or sound to show. @param {boolean} seen */
  showSelf(seen) {
    if (seen === this.selfSeen) return;
    this.selfSeen = seen;
    this.draw();
  }

  /** Plays what was refused before the first tap. */
  unlock() {
    for (const media of [this.aula.video, this.speaker.video, this.screen.video, this.responder]) {
      media.play().catch(() => {});
    }
  }

  draw() {
    /** @type {StageView | undefined} */
    const stage = this.wire.get("stage");
    /** @type {Turn | null | undefined} */
    const turn = this.wire.get("turn");
    const onAir = reached(this.wire);
    const slots = stage?.slots;
    const speaks = slots?.speaker ?? null;
    const ownTurn = speaks !== null && speaks === this.ownSeat;
    const ownHall = this.ownSeat !== null && slots?.aula === this.ownSeat;

    this.aula.set(slots?.aula ?? null, t("Aula"), hallWords(this.wire.get("session")), onAir);
    this.speaker.set(speaks, turn?.label ?? "", "", onAir);
    this.screen.set(slots?.screen ?? null, t("Paparan"), "", onAir);
    // The server never sends a seat its own sound; this is the belt to those braces.
    this.aula.video.muted = ownHall;
    this.speaker.video.muted = ownTurn;
    this.speaker.element.classList.toggle("tile-live", onAir);
    this.own.self?.classList.toggle("tile-live", ownTurn && onAir);

    /** @type {HTMLElement[]} */
    const seen = [];
    if (slots?.screen) seen.push(this.screen.element);
    if (speaks && !ownTurn) seen.push(this.speaker.element);
    if (this.own.idle && seen.length === 0) seen.push(this.own.idle);
    if (!this.own.idle) seen.push(this.aula.element);
    if (this.own.self && this.selfSeen) seen.push(this.own.self);
    this.#arrange(seen);
  }

  /** The first is the large one. @param {HTMLElement[]} seen */
  #arrange(seen) {
    const all = [this.aula.element, this.speaker.element, this.screen.element, this.own.idle, this.own.self];
    for (const element of all) {
      if (!element) continue;
      show(element, seen.includes(element));
      element.classList.toggle("tile-main", element === seen[0]);
      element.classList.toggle("tile-second", element === seen[1] && seen.length > 2);
    }
    this.root.dataset["beside"] = String(seen.length - 1);
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

/** Who speaks about what, and the time everybody sees. @param {Wire} wire @param {HTMLElement} root */
export function caption(wire, root) {
  const timer = el("span", { class: "timer", role: "timer", "data-testid": "timer" });
  const clock = el("span", { class: "caption-time" }, icon("clock"), timer);
  const who = el("div", { class: "caption-who" });
  root.append(who, clock);
  let shown = "";
  const draw = () => {
    /** @type {Turn | null | undefined} */
    const turn = wire.get("turn");
    /** @type {Session | undefined} */
    const session = wire.get("session");
    show(clock, !!turn);
    const state = JSON.stringify([turn?.turn_id, turn?.state, turn?.nama, turn?.jabatan, turn?.topic, turn?.media, session?.item_id, session?.status]);
    if (state !== shown) {
      shown = state;
      refill(who, ...(turn ? turnLines(turn, session?.status) : itemLines(wire)));
    }
    if (!turn || !session) return;
    const now = wire.serverNow();
    const left = leftMs(turn, now);
    timer.textContent = left >= 0 ? t("sisa {time}", { time: minutes(left) }) : t("lewat {time}", { time: minutes(-left) });
    timer.dataset["mood"] = timeMood(turn, now, session.settings.warn_before_s);
  };
  wire.on("view", draw);
  setInterval(draw, 250);
  draw();
}

/** @param {Turn} turn @param {string | undefined} status the session's */
function turnLines(turn, status) {
  const name = [turn.nama, turn.jabatan].filter(Boolean).join(", ");
  const state = status === "diskors" ? el("span", { class: "badge badge-held" }, t("Diskors")) : {
    bicara: el("span", { class: "badge badge-live" }, t("Berbicara")),
    ditahan: el("span", { class: "badge badge-held" }, t("Ditahan")),
    jeda: el("span", { class: "badge badge-ready" }, t("Menunggu tersambung lagi")),
  }[turn.state];
  const how = turn.media === "lewat_telepon" ? t("lewat telepon") : turn.media === "hadir_di_aula" ? t("hadir di Aula") : "";
  return [
    el("p", { class: "caption-name" }, el("strong", { "data-testid": "speaker-name" }, name || turn.label), " ", state),
    el("p", { class: "soft" }, [name ? turn.label : "", turn.topic, how].filter(Boolean).join(" · ")),
  ];
}

/** @param {Wire} wire */
function itemLines(wire) {
  /** @type {import("./shapes.js").AgendaItem[]} */
  const agenda = wire.get("agenda") ?? [];
  const session = /** @type {Session | undefined} */ (wire.get("session"));
  const item = session?.status === "ditutup" ? undefined : agenda.find((a) => a.state === "berjalan");
  return [
    el("p", { class: "caption-name" }, el("strong", null, item?.title ?? session?.title ?? "")),
    el("p", { class: "soft" }, itemWords(session?.status, !!item)),
  ];
}

/** @param {string | undefined} status @param {boolean} running */
function itemWords(status, running) {
  switch (status) {
    case "ditutup": return t("Rapat sudah ditutup");
    case "diskors": return t("Rapat diskors");
    default: return running ? t("Sedang berlangsung di Aula") : t("Belum ada acara yang berjalan");
  }
}

/**
 * What this office is right now, in words, colour, sound and vibration: Menyimak, Menunggu, Bersiap, Giliran, Menanggapi ...
 *
 * "Disiarkan" is said only once forwarding stands there. While the own line is down it says how long the turn is
 * kept; that countdown is this browser's guess, for nobody can tell it more.
 */
import { minutes } from "../clock.js";
import { announce, el, refill } from "../dom.js";
import { reached } from "../room/stage.js";
import { signal } from "./signal.js";
import { stateWords } from "./state_words.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../room/self.js").OwnMedia} OwnMedia */
/** @typedef {import("../room/shapes.js").Own} Own */
/** @typedef {import("../room/shapes.js").Turn} Turn */
/** @typedef {import("../room/shapes.js").Session} Session */

/** States in which this office has the floor or is to get it back. */
const ON_FLOOR = new Set(["giliran", "terputus", "disela", "ditahan"]);
const TICK_MS = 250;

/** @param {Wire} wire @param {OwnMedia} media @param {HTMLElement} root */
export function ownState(wire, media, root) {
  const title = document.title;
  const count = el("span", { class: "state-count", "aria-hidden": "true", "data-testid": "own-grace" });
  let shown = "";
  /** @type {string | null} */
  let before = null;
  /** When our line dropped, ms of the wire's clock; null while it is there. @type {number | null} */
  let droppedAt = null;
  const draw = () => {
    /** @type {Own | undefined} */
    const own = wire.get("own");
    /** @type {Session | undefined} */
    const session = wire.get("session");
    if (!own || !session) return;
    droppedAt = wire.status === "open" ? null : droppedAt ?? wire.timing.now();
    const slots = wire.get("stage")?.slots;
    const onAir = (slots?.speaker === own.seat_id || slots?.responder === own.seat_id) && reached(wire);
    const seen = {
      own, session, turn: wire.get("turn"), between: wire.get("interjection"), opened: media.opened, soundOn: media.soundOn, away: media.away,
      onAir, cut: droppedAt !== null && own.state === "giliran" && wire.get("turn")?.media === "panggilan",
    };
    const { word, more, look } = stateWords(seen);
    const text = word + more;
    if (text === shown) return;
    shown = text;
    root.dataset["state"] = look;
    root.dataset["onair"] = String(onAir);
    refill(root, el("span", { class: "state-word" }, word), el("span", { class: "state-more" }, more), count);
    tick();
    announce(`${word}. ${more}`);
    document.title = own.state === "menyimak" && session.status !== "ditutup" ? title : `${word} · ${title}`;
    if (before !== null && before !== own.state) sound(before, own.state);
    before = own.state;
  };
  // Beside the words: a number that moves is not read out every second.
  const tick = () => {
    const left = keptMs(wire, droppedAt);
    const text = left === null ? "" : minutes(Math.max(0, left));
    if (count.textContent !== text) count.textContent = text;
  };
  wire.on("view", draw);
  wire.on("applied", draw);
  wire.on("status", draw);
  media.onChange(draw);
  setInterval(tick, TICK_MS);
  draw();
}

/** How long the turn is still kept for this office, ms; null when nothing runs out.
 *  @param {Wire} wire @param {number | null} droppedAt */
function keptMs(wire, droppedAt) {
  /** @type {Own | undefined} */
  const own = wire.get("own");
  /** @type {Turn | null | undefined} */
  const turn = wire.get("turn");
  /** @type {Session | undefined} */
  const session = wire.get("session");
  if (!own || !session || turn?.seat_id !== own.seat_id || session.status !== "berlangsung") return null;
  if (droppedAt !== null && own.state === "giliran" && turn.media === "panggilan") {
    return session.settings.grace_s * 1000 - (wire.timing.now() - droppedAt);
  }
  return own.state === "terputus" && turn.grace_until !== null ? turn.grace_until - wire.serverNow() : null;
}

/** @param {string} before @param {string} now */
function sound(before, now) {
  if (now === "interupsi" || now === "tanggapan" || now === "giliran") signal("giliran");
  else if (now === "bersiap") signal("bersiap");
  else if (now === "ditahan" || now === "disela") signal("ditahan");
  else if (ON_FLOOR.has(before) || before === "interupsi" || before === "tanggapan") signal("selesai");
}

/**
 * The stage as a console shows it: the hall, or the speaker with the hall beside it, and the panel that says
 * whose turn it is and how long it lasts. What is only decided but not yet forwarded is never shown as live.
 */
import { minutes, leftMs, timeMood } from "../clock.js";
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { soundOnly } from "../room/mode.js";
import { showPage } from "../room/page.js";
import { mediaWord, meetingWord, turnWord } from "../words.js";
import { seatOf, unseen } from "./faces.js";
import { freshPicture } from "./fresh.js";
import { followInterjection } from "./interjection.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Turn} Turn */

const TICK_MS = 250;

/** Draws stage and turn panel of the page from now on. @param {Console} desk */
export function followStage(desk) {
  const stage = byId("stage", HTMLElement);
  const panel = byId("turn", HTMLElement);
  /** Every tile of the page, also the off-air ones of Meja Operator, by its slot. */
  const pictures = [...document.querySelectorAll("[data-slot]")].map((tile) => ({ slot: /** @type {HTMLElement} */ (tile).dataset.slot ?? "", tell: freshPicture(/** @type {HTMLElement} */ (tile)) }));
  followInterjection(desk);
  desk.onDraw(() => {
    const reached = desk.stage !== null && desk.isApplied(desk.stage.seq);
    for (const { slot, tell } of pictures) tell(desk.stage?.slots[slot] ?? null, reached);
    drawStage(desk, stage);
    drawTurn(desk, panel);
  });
  setInterval(() => drawTimer(desk, part(panel, "timer")), TICK_MS);
}

/** @param {Console} desk @param {HTMLElement} root */
function drawStage(desk, root) {
  const { stage, turn, interjection, session } = desk;
  const speaking = Boolean(stage?.slots.speaker);
  const answering = Boolean(stage?.slots.responder);
  const on = speaking && answering ? "pair" : answering ? "responder" : speaking ? "speaker" : "aula";
  // A shared screen is the large one, and beside it whoever would be.
  /** @type {import("../room/page.js").Page | null} */
  const page = desk.wire.get("slides") ?? null;
  root.dataset.on = page || (stage?.slots.screen && !soundOnly()) ? "screen" : on;
  // Once its tile has a width, by which the page is chosen.
  showPage(/** @type {HTMLElement} */ (root.querySelector(".stage-screen")), page, desk.boot.base);
  root.dataset.beside = on;
  const shares = desk.list("seats").find((/** @type {{ seat_id: string, label: string }} */ seat) => seat.seat_id === stage?.slots.screen)?.label ?? "";
  write(part(root, "name-screen"), shares && t("Layar dari {tempat}", { tempat: shares }));
  write(part(root, "empty-screen"), shares && t("Menunggu layar dari {tempat}", { tempat: shares }));
  const alone = interjection?.kind === "interupsi" && stage?.slots.speaker === interjection.seat_id;
  const speaker = alone ? interjection.label : turn?.label ?? "";
  write(part(root, "name-speaker"), alone || answering ? speaker : "");
  write(part(root, "name-responder"), answering ? interjection?.label ?? "" : "");
  write(part(root, "empty-responder"), answering ? awaited(interjection?.label ?? "") : "");
  // What was last forwarded must not stay on the screen of a session that is not held.
  root.toggleAttribute("data-dark", session?.status === "disiapkan" || session?.status === "ditutup");
  // Without a line the last picture stands, and nobody here knows what is on air.
  const cut = desk.wire.status !== "open" && desk.wire.position !== null;
  root.toggleAttribute("data-cut", cut);
  show(part(root, "live"), desk.live && !cut);
  show(part(root, "off-record"), desk.offRecord);
  write(part(root, "empty-speaker"), speaking ? awaited(speaker) : "");
  write(part(root, "empty-aula"), stage?.slots.aula ? (soundOnly() ? t("Hanya suara") : t("Menunggu gambar aula")) : t("Aula belum tersambung"));
  const say = whyQuiet(session?.status, turn);
  write(part(root, "say"), say);
  show(part(root, "say"), say !== "");
}

/** What stands where a picture does not. @param {string} tempat */
function awaited(tempat) {
  return soundOnly() ? t("Hanya suara") : t("Menunggu gambar {tempat}", { tempat });
}

/**
 * @param {string | undefined} status
 * @param {Turn | null} turn
 */
function whyQuiet(status, turn) {
  if (status === "disiapkan") return t("Sesi belum dibuka");
  if (status === "diskors") return t("Sesi diskors");
  if (status === "ditutup") return t("Sesi sudah ditutup");
  if (turn?.state === "ditahan") return t("{tempat} ditahan, gilirannya tetap", { tempat: turn.label });
  if (turn?.state === "jeda") return t("{tempat} terputus, ditunggu sebentar", { tempat: turn.label });
  return "";
}

/** @param {Console} desk @param {HTMLElement} panel */
function drawTurn(desk, panel) {
  const { turn, session } = desk;
  const held = session?.status === "berlangsung" || session?.status === "diskors";
  const paused = turn !== null && session?.status === "diskors";
  panel.dataset.state = paused ? "ditahan" : turn?.state ?? "";
  const elsewhere = turn && turn.media !== "panggilan" ? `, ${mediaWord(turn.media).toLowerCase()}` : "";
  const another = turn?.state === "ditahan" && unseen(seatOf(desk, turn.seat_id));
  const waiting = turn?.state === "bicara" && turn.media === "panggilan" && !desk.live;
  write(part(panel, "state"), !held ? "" : !turn ? t("Di panggung") : paused ? meetingWord("diskors") : waiting ? t("Menyiapkan siaran…") : another ? t("Ditahan · perangkat di sana belum dilihat") : turnWord(turn.state) + elsewhere);
  write(part(panel, "seat"), turn ? turn.label : held ? t("Aula") : meetingWord(session?.status));
  write(part(panel, "person"), turn ? [turn.nama, turn.jabatan].filter(Boolean).join(", ") : "");
  write(part(panel, "topic"), turn?.topic ?? "");
  const message = byId("turn-message", HTMLElement);
  show(message, Boolean(turn?.message));
  panel.toggleAttribute("data-message", Boolean(turn?.message));
  write(message, turn?.message ? t("Pesan terkirim: “{pesan}”", { pesan: turn.message }) : "");
  drawTimer(desk, part(panel, "timer"));
}

/** @param {Console} desk @param {HTMLElement} timer */
function drawTimer(desk, timer) {
  const { turn, session } = desk;
  show(timer, turn !== null);
  if (!turn) return;
  const now = desk.wire.serverNow();
  write(timer, minutes(leftMs(turn, now)));
  timer.dataset.mood = timeMood(turn, now, session?.settings.warn_before_s ?? 0);
}

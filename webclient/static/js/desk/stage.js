/**
 * The stage as a console shows it: the hall, or the speaker with the hall beside it, and the panel that says
 * whose turn it is and how long it lasts. What is only decided but not yet forwarded is never shown as live.
 */
import { minutes, leftMs, timeMood } from "../clock.js";
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { mediaWord, meetingWord, turnWord } from "../words.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Turn} Turn */

const TICK_MS = 250;

/** Draws stage and turn panel of the page from now on. @param {Console} desk */
export function followStage(desk) {
  const stage = byId("stage", HTMLElement);
  const panel = byId("turn", HTMLElement);
  desk.onDraw(() => {
    drawStage(desk, stage);
    drawTurn(desk, panel);
  });
  setInterval(() => drawTimer(desk, part(panel, "timer")), TICK_MS);
}

/** @param {Console} desk @param {HTMLElement} root */
function drawStage(desk, root) {
  const { stage, turn, session } = desk;
  const speaking = Boolean(stage?.slots.speaker);
  root.dataset.on = speaking ? "speaker" : "aula";
  // What was last forwarded must not stay on the screen of a session that is not held.
  root.toggleAttribute("data-dark", session?.status === "disiapkan" || session?.status === "ditutup");
  show(part(root, "live"), desk.live);
  show(part(root, "off-record"), desk.offRecord);
  write(part(root, "empty-speaker"), speaking ? t("Menunggu gambar {tempat}", { tempat: turn?.label ?? "" }) : "");
  write(part(root, "empty-aula"), stage?.slots.aula ? t("Menunggu gambar aula") : t("Aula belum tersambung"));
  const say = whyQuiet(session?.status, turn);
  write(part(root, "say"), say);
  show(part(root, "say"), say !== "");
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
  const waiting = turn?.state === "bicara" && turn.media === "panggilan" && !desk.live;
  write(part(panel, "state"), !held ? "" : !turn ? t("Di panggung") : paused ? meetingWord("diskors") : waiting ? t("Menyiapkan siaran…") : turnWord(turn.state) + elsewhere);
  write(part(panel, "seat"), turn ? turn.label : held ? t("Aula") : meetingWord(session?.status));
  write(part(panel, "person"), turn ? [turn.nama, turn.jabatan].filter(Boolean).join(", ") : "");
  write(part(panel, "topic"), turn?.topic ?? "");
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

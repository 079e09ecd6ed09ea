/**
 * The small marks in the bar: how the session stands, whether it is recorded, how the line to the meeting is.
 *
 * "Direkam" and "Tidak direkam" are said only once the recorders stand there.
 */
import { announce, el, refill, show } from "../dom.js";
import { t } from "../t.js";
import { reached } from "./stage.js";
import { meetingWord } from "../words.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../call.js").Call} Call */
/** @typedef {import("./shapes.js").Session} Session */

const LOOK_MS = 4_000;

/** @param {Wire} wire @param {Call | null} call @param {HTMLElement} root @param {HTMLElement} banner told about the line
 *  @param {boolean} [queues] whether this screen has a queue of its own that people may fear for */
export function marks(wire, call, root, banner, queues = false) {
  let line = "";
  const draw = () => {
    /** @type {Session | undefined} */
    const session = wire.get("session");
    const items = [];
    if (session) {
      items.push(el("span", { class: `badge ${statusClass(session.status)}${session.status === "berlangsung" ? " wide-only" : ""}`, "data-testid": "session-status" }, meetingWord(session.status)));
      if (session.status === "berlangsung" && wire.status === "open") items.push(recordMark(session, reached(wire)));
      if (session.status === "berlangsung" || session.status === "diskors") items.push(leadMark(session.chair));
    }
    if (wire.status === "open" && line) items.push(el("span", { class: "badge badge-ready", "data-testid": "line" }, line));
    refill(root, ...items);
    sayLine(wire, call, banner, queues);
  };
  wire.on("view", draw);
  wire.on("applied", draw);
  wire.on("status", draw);
  call?.onState(draw);
  setInterval(async () => {
    const health = await call?.health();
    const now = health && health.lost > 0.08 ? t("Jaringan lemah") : "";
    if (now !== line) {
      line = now;
      draw();
    }
  }, LOOK_MS);
  draw();
}

/** @param {string} status */
function statusClass(status) {
  return { berlangsung: "badge-good", diskors: "badge-ready" }[status] ?? "";
}

/** Who leads, where that is not the pimpinan. @param {import("./shapes.js").Chair | undefined} chair */
function leadMark(chair) {
  if (!chair || chair.holder === "pimpinan") return null;
  const words = chair.nama ? t("Dipimpin {nama}", { nama: chair.nama }) : chair.holder === "protokol" ? t("Dipimpin protokol") : t("Dipimpin pengganti");
  return el("span", { class: "badge badge-wait", "data-testid": "lead" }, words);
}

/** @param {Session} session @param {boolean} there */
function recordMark(session, there) {
  const testid = { "data-testid": "record-mark" };
  if (!there) return el("span", { class: "badge", ...testid, "data-record": "beralih" }, t("Rekaman beralih…"));
  if (session.off_record) return el("span", { class: "badge badge-held", ...testid, "data-record": "tidak" }, t("Tidak direkam"));
  return el("span", { class: "badge badge-alarm", ...testid, "data-record": "ya" }, t("Direkam"));
}

/** @param {Wire} wire @param {Call | null} call @param {HTMLElement} banner
 *  @param {boolean} queues */
function sayLine(wire, call, banner, queues) {
  let words = "";
  if (wire.status === "ended") words = t("Tautan ini tidak berlaku lagi. Mintalah tautan baru kepada panitia.");
  else if (wire.status !== "open" && wire.position) words = queues ? t("Menyambung lagi… antrean Bapak/Ibu tetap aman.") : t("Menyambung lagi…");
  else if (wire.status !== "open") words = t("Menyambung ke rapat…");
  else if (call?.state === "lost") words = queues
    ? t("Gambar dan suara terputus, sedang disambungkan lagi. Antrean Bapak/Ibu tetap aman.") : t("Gambar dan suara terputus, sedang disambungkan lagi.");
  else if (call?.state === "connecting" && call.negotiations === 0) words = t("Menyambungkan gambar dan suara…");
  show(banner, words !== "");
  if (banner.textContent === words) return;
  banner.textContent = words;
  if (words) announce(words);
}

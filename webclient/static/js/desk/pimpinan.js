/**
 * Layar Pimpinan: one look says who speaks and who would be next; one press calls. Nothing on it needs
 * reading twice, since its reader is looking at people.
 */
import { byId, el, icon, show } from "../dom.js";
import { t } from "../t.js";
import { meetingWord, reasonWord } from "../words.js";
import { openConsole } from "./console.js";
import { bindDirect } from "./direct.js";
import { bindTurnButtons, callSeat } from "./floor.js";
import { preparedMessage } from "./hold.js";
import { bindReplyButton } from "./interjection.js";
import { bindKeys, press } from "./keys.js";
import { followLead } from "./lead.js";
import { joinStage } from "./media.js";
import { bindPoints } from "./points.js";
import { bindReply } from "./reply.js";
import { aimButton, part, write } from "./rows.js";
import { callsOpen, nextPlaces, obstacle } from "./sections.js";
import { followStage } from "./stage.js";
import { bindUndo } from "./undo.js";

/** @typedef {import("./sections.js").Place} Place */
/** @typedef {import("./sections.js").Bersiap} Bersiap */

const desk = openConsole();
followStage(desk);
followLead(desk);
const turnButtons = bindTurnButtons(desk, preparedMessage);
const reply = bindReplyButton(desk, bindReply(desk));
const undo = bindUndo(desk);
const points = bindPoints(desk);
const direct = bindDirect(desk);

/** Two fixed cards: only their words change, never the place of a button. @type {HTMLElement[]} */
const cards = [makeCard(0), makeCard(1)];
byId("next", HTMLElement).append(...cards);

/** @param {number} index */
function makeCard(index) {
  const call = el(
    "button",
    { class: `button ${index === 0 ? "button-primary" : ""} chair-call`, type: "button", "data-part": "call", "data-testid": index === 0 ? "panggil" : "panggil-2" },
    icon("mic"),
    t("Panggil"),
  );
  const card = el(
    "article",
    { class: "chair-card", "data-testid": `berikutnya-${index + 1}` },
    el(
      "div",
      { class: "chair-card-words" },
      el("p", { class: "chair-card-head" }, el("span", { class: "eyebrow" }, index === 0 ? t("Berikutnya") : t("Lalu")), el("span", { class: "badge", "data-part": "state" })),
      el("p", { class: "chair-card-seat", "data-part": "seat" }),
      el("p", { class: "chair-card-topic", "data-part": "topic" }),
      el("p", { class: "chair-card-reason", "data-part": "reason" }),
    ),
    call,
  );
  call.addEventListener("click", () => {
    const place = next()[index];
    if (place) void callSeat(desk, call, place);
  });
  return card;
}

function next() {
  return nextPlaces(desk.list("board"), desk.list("bersiap"), desk.interjection?.seat_id);
}

desk.onDraw(() => {
  const { session } = desk;
  /** @type {Bersiap[]} */
  const bersiap = desk.list("bersiap");
  const open = callsOpen(session);
  const places = open ? next() : [];
  // Who asks to interrupt stands in the place of the office after the next.
  if (desk.list("points").length) places.length = Math.min(places.length, 1);
  cards.forEach((card, index) => drawCard(card, places[index] ?? null, bersiap));
  write(byId("title", HTMLElement), session?.title ?? desk.boot.title);
  const none = byId("none", HTMLElement);
  show(none, places.length === 0);
  write(none, !session ? t("Menghubungi ruang…") : open ? t("Belum ada yang menunggu giliran.") : session.status === "berlangsung" ? t("Panggilan dibuka saat acara Dialog.") : meetingWord(session.status));
});

/**
 * @param {HTMLElement} card
 * @param {Place | null} place
 * @param {Bersiap[]} bersiap
 */
function drawCard(card, place, bersiap) {
  show(card, place !== null);
  const why = place ? obstacle(place) : "";
  aimButton(/** @type {HTMLButtonElement} */ (part(card, "call")), place && !why ? `${place.seat_id} ${place.request_id ?? ""}` : "");
  if (!place) return;
  const ready = bersiap.find((one) => one.seat_id === place.seat_id)?.ready ?? false;
  const state = part(card, "state");
  write(state, why || (ready ? t("Siap") : t("Bersiap")));
  state.className = `badge ${why ? "badge-alarm" : ready ? "badge-good" : "badge-ready"}`;
  write(part(card, "seat"), place.label);
  write(part(card, "topic"), [place.nama, place.topic].filter(Boolean).join(": "));
  const reason = reasonWord(place.reason, place.label);
  write(part(card, "reason"), reason && t("Karena {alasan}", { alasan: reason }));
}

bindKeys([
  { key: "p", words: t("Panggil berikutnya"), run: () => press(/** @type {HTMLButtonElement} */ (part(/** @type {HTMLElement} */ (cards[0]), "call"))) },
  { key: "z", words: t("Batalkan panggilan terakhir (10 detik)"), run: () => press(undo) },
  { key: "t", words: t("Tahan atau lanjut"), run: () => turnButtons.hold && press(turnButtons.hold) },
  { key: "c", words: t("Cukup"), run: () => turnButtons.end && press(turnButtons.end) },
  { key: "j", words: t("Minta tanggapan, atau kembali ke pembicara"), run: () => press(reply) },
  { key: "a", words: t("Arahan: tandai saat ini"), run: () => press(direct) },
  { key: "y", words: t("Beri waktu kepada peminta interupsi"), run: points.grantFirst },
  { key: "k", words: t("Interupsi: tidak sekarang"), run: points.dismissFirst },
  { key: "m", words: t("Suara nyala atau mati"), run: () => press(byId("sound", HTMLButtonElement)) },
]);
joinStage(desk);
desk.start();

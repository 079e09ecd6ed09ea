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
import { bindKartu } from "./kartu.js";
import { bindKeys, press } from "./keys.js";
import { followLead } from "./lead.js";
import { freshPicture } from "./fresh.js";
import { joinStage } from "./media.js";
import { bindNoted } from "./noted.js";
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
const kartu = bindKartu(desk);
const prioritise = bindNoted(desk);

/** Two fixed cards: only their words change, never the place of a button. @type {HTMLElement[]} */
const cards = [makeCard(0), makeCard(1)];
byId("next", HTMLElement).append(...cards);
/** The off-air picture of each card. */
const faces = cards.map((card) => {
  const root = part(card, "face");
  return { root, video: /** @type {HTMLVideoElement} */ (root.querySelector("video")), tell: freshPicture(root) };
});
const PREVIEWS = /** @type {const} */ (["preview_1", "preview_2"]);
const call = joinStage(desk, "chair");

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
      el("ul", { class: "chair-card-facts", "data-part": "facts", "data-testid": `kartu-${index + 1}` }),
      el("button", { class: "button button-quiet chair-card-more", type: "button", "data-testid": `buka-kartu-${index + 1}`, onclick: () => openKartu(index) }, t("Kartu desa")),
    ),
    el("div", { class: "tile chair-face", "data-part": "face" }, face(index)),
    call,
  );
  call.addEventListener("click", () => {
    const place = next()[index];
    if (place) void callSeat(desk, call, place);
  });
  return card;
}

/** @param {number} index */
function openKartu(index) {
  const place = next()[index];
  if (place) kartu.open(place.seat_id);
}

/** @param {number} index */
function face(index) {
  const video = el("video", { autoplay: true, playsinline: true, "data-testid": `wajah-${index + 1}` });
  video.muted = true;
  return video;
}

/** Which preview shows whom may be the other way round than the cards. @param {(Place | undefined)[]} places */
function drawFaces(places) {
  const reached = desk.stage !== null && desk.isApplied(desk.stage.seq);
  faces.forEach(({ root, video, tell }, index) => {
    const seat = places[index]?.seat_id ?? null;
    const slot = seat === null ? undefined : PREVIEWS.find((one) => desk.stage?.slots[one] === seat);
    tell(slot ? seat : null, reached);
    show(root, slot !== undefined);
    if (slot && root.dataset.preview !== slot) call.attach(slot, video);
    if (slot) root.dataset.preview = slot;
  });
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
  drawFaces(places);
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
  kartu.follow(card, place?.seat_id ?? null);
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
  { key: "3", words: t("Prioritaskan usulan yang baru dicatat"), run: () => press(prioritise) },
  { key: "d", words: t("Kartu desa yang berikutnya"), run: () => openKartu(0) },
  { key: "y", words: t("Beri waktu kepada peminta interupsi"), run: points.grantFirst },
  { key: "k", words: t("Interupsi: tidak sekarang"), run: points.dismissFirst },
  { key: "m", words: t("Suara nyala atau mati"), run: () => press(byId("sound", HTMLButtonElement)) },
]);
desk.start();

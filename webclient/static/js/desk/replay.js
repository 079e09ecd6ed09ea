/**
 * The replay page: timeline, player, notes and filters put together. It reads over HTTP only; while the
 * session still runs it asks again now and then, without disturbing what plays.
 */
import { readBoot } from "../boot.js";
import { byId, el, icon, show } from "../dom.js";
import { showPhotos } from "../photo_field.js";
import { t } from "../t.js";
import { clockSecondsWord, meetingWord, noteWord, turnKindWord } from "../words.js";
import { get } from "./api.js";
import { showPage } from "../room/page.js";
import { bidangWord } from "./bidang.js";
import { bindFilters } from "./filters.js";
import { bindKeys, press } from "./keys.js";
import { Player } from "./player.js";
import { Rows, part, write } from "./rows.js";
import { itemAt, mentionIn, slideAt, turnAt } from "./timeline.js";
import { Track } from "./track.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./api.js").Catatan} Catatan */

const REFRESH_MS = 10_000;
const STEP_MS = 10_000;
const SMALL_STEP_MS = 5_000;
const SAID_MS = 4_000;

const boot = readBoot();
/** @type {Timeline | null} */
let line = null;
/** @type {Catatan[]} */
let shown = [];
/** Id of the note whose moment plays. */
let current = "";
let asked = 0;

const player = new Player(
  { aula: byId("video-aula", HTMLVideoElement), speaker: byId("video-speaker", HTMLVideoElement), responder: byId("video-responder", HTMLVideoElement), screen: byId("video-screen", HTMLVideoElement) },
  boot.base, draw, boot.role === "panitia",
);
const track = new Track((at) => seek(at), playNote);
const rows = new Rows(byId("notes", HTMLElement), { key: (/** @type {Catatan} */ note) => note.id, make: makeRow, update: updateRow });
const filters = bindFilters(boot.base, () => void fetchNotes());

/** @param {number} at */
function seek(at) {
  current = "";
  void player.seek(at);
}

/** @param {Catatan} note */
function playNote(note) {
  const mention = line && mentionIn(note, line.room.room_id);
  if (!mention) return;
  current = note.id;
  void player.seek(mention.spoken_at, mention.turn_id);
  player.play();
  for (const row of document.querySelectorAll("#notes > li")) row.toggleAttribute("data-current", row.getAttribute("data-id") === current);
}

async function fetchLine() {
  try {
    line = /** @type {Timeline} */ (await get(`${boot.base}api/timeline`));
  } catch (why) {
    write(byId("say", HTMLElement), /** @type {Error} */ (why).message);
    show(byId("say", HTMLElement), line === null);
    return;
  }
  filters.fill(line);
  player.setLine(line);
  drawNotes();
  draw();
}

async function fetchNotes() {
  const mine = ++asked;
  const query = filters.query();
  try {
    const list = /** @type {import("./api.js").CatatanList} */ (await get(`${boot.base}api/v1/catatan?batas=2000${query ? `&${query}` : ""}`));
    if (mine !== asked) return;
    shown = list.items;
  } catch {
    return;
  }
  drawNotes();
}

function drawNotes() {
  // A note is pressed to play its moment: one that cannot be played yet would lose the press.
  if (!line) return;
  const at = (/** @type {Catatan} */ note) => mentionIn(note, boot.room_id)?.spoken_at ?? note.created_at;
  rows.show([...shown].sort((a, b) => at(a) - at(b)));
  write(byId("notes-count", HTMLElement), t("{jumlah} catatan", { jumlah: shown.length }));
  const none = byId("notes-none", HTMLElement);
  show(none, shown.length === 0);
  write(none, filters.query() ? t("Tidak ada catatan yang cocok dengan saringan.") : t("Belum ada catatan."));
  track.show(line, new Set(shown.map((note) => note.id)));
  draw();
}

function draw() {
  if (!line) return;
  const { at, on, playing, ended, together } = player;
  const stage = byId("stage", HTMLElement);
  const screen = player.seatOf("screen");
  stage.dataset.beside = together ? "pair" : on;
  const page = slideAt(line, at);
  stage.dataset.on = screen || page ? "screen" : stage.dataset.beside;
  // Once its tile has a width, by which the page is chosen.
  showPage(/** @type {HTMLElement} */ (stage.querySelector(".stage-screen")), page, boot.base);
  write(byId("screen-name", HTMLElement), screen ? t("Layar dari {tempat}", { tempat: labelOf(screen) }) : "");
  const turn = turnAt(line, at);
  const item = itemAt(line, at);
  write(byId("title", HTMLElement), line.room.title);
  write(byId("now-who", HTMLElement), turn ? [turnKindWord(turn.kind), turn.label, turn.nama].filter(Boolean).join(" · ") : t("Aula"));
  write(byId("now-topic", HTMLElement), (turn && turn.topic) || item?.title || "");
  write(byId("speaker-name", HTMLElement), labelOf(player.seatOf("speaker")));
  write(byId("responder-name", HTMLElement), labelOf(player.seatOf("responder")));
  write(byId("clock", HTMLElement), clockSecondsWord(at));
  const running = line.room.status !== "ditutup";
  const status = byId("status", HTMLElement);
  write(status, meetingWord(line.room.status));
  show(status, running);
  show(byId("refresh", HTMLButtonElement), running);
  const play = byId("play", HTMLButtonElement);
  write(part(play, "word"), playing ? t("Jeda") : t("Putar"));
  play.querySelector("use")?.setAttribute("href", playing ? "#i-pause" : "#i-play");
  const say = byId("say", HTMLElement);
  const sealed = performance.now() - player.sealedAt < SAID_MS;
  const words = line.clips.length === 0 ? t("Belum ada rekaman.") : sealed ? t("Ada bagian yang ditutup; dilewati.") : ended ? (running ? t("Sampai di sini rekamannya.") : t("Rekaman selesai.")) : "";
  write(say, words);
  show(say, words !== "");
  track.move(at, current);
}

/** @param {string | null} seat */
function labelOf(seat) {
  return line?.seats.find((one) => one.seat_id === seat)?.label ?? "";
}

/** @param {Catatan} first */
function makeRow(first) {
  const held = { note: first };
  const row = el(
    "li",
    { class: "note-row", "data-testid": "catatan-baris" },
    el(
      "button",
      { class: "play-note", type: "button", "data-testid": "putar-catatan", onclick: () => playNote(held.note) },
      el("span", { class: "note-row-head" }, icon("play"), el("span", { class: "note-kind", "data-part": "jenis" }), el("span", { class: "soft small", "data-part": "when" })),
      el("span", { class: "strong", "data-part": "words" }),
      el("span", { class: "soft small", "data-part": "quote" }),
      el("span", { class: "soft small", "data-part": "bidang" }),
    ),
    el("ul", { class: "photos", "data-part": "photos" }),
  );
  return Object.assign(row, { held });
}

/** @param {HTMLElement} row @param {Catatan} note */
function updateRow(row, note) {
  /** @type {any} */ (row).held.note = note;
  const mention = mentionIn(note, boot.room_id);
  row.dataset.id = note.id;
  row.dataset.jenis = note.jenis;
  row.toggleAttribute("data-current", note.id === current);
  row.toggleAttribute("data-silent", mention === null);
  write(part(row, "jenis"), noteWord(note.jenis));
  write(part(row, "when"), [mention ? clockSecondsWord(mention.spoken_at) : "", note.label].filter(Boolean).join(" · "));
  write(part(row, "words"), note.judul || note.ucapan);
  write(part(row, "quote"), note.judul && note.ucapan ? `“${note.ucapan}”` : "");
  showPhotos(part(row, "photos"), boot.base, note.foto);
  write(part(row, "bidang"), bidangWord(note.sub_bidang || note.bidang));
}

/** The next or previous turn from here. @param {1 | -1} direction */
function stepTurn(direction) {
  const starts = (line?.turns ?? []).flatMap((turn) => turn.intervals.map((interval) => interval.from)).sort((a, b) => a - b);
  // Just after a turn's start "previous" means the turn before, as on a music player.
  const target = direction > 0 ? starts.find((at) => at > player.at + 500) : starts.filter((at) => at < player.at - 3000).at(-1);
  if (target !== undefined) seek(target);
}

/** @param {1 | -1} direction */
function stepNote(direction) {
  const notes = [...shown].flatMap((note) => {
    const mention = mentionIn(note, boot.room_id);
    return mention ? [{ note, at: mention.spoken_at }] : [];
  }).sort((a, b) => a.at - b.at);
  const index = notes.findIndex(({ note }) => note.id === current);
  const next = index >= 0 ? notes[index + direction] : direction > 0 ? notes.find(({ at }) => at > player.at) : notes.filter(({ at }) => at < player.at).at(-1);
  if (next) playNote(next.note);
}

const button = (/** @type {string} */ id) => byId(id, HTMLButtonElement);
button("play").addEventListener("click", () => (player.playing ? player.pause() : player.play()));
button("back").addEventListener("click", () => seek(player.at - STEP_MS));
button("forward").addEventListener("click", () => seek(player.at + STEP_MS));
button("prev-turn").addEventListener("click", () => stepTurn(-1));
button("next-turn").addEventListener("click", () => stepTurn(1));
button("refresh").addEventListener("click", () => void refresh());
button("hall-sound").addEventListener("click", () => {
  const video = byId("video-aula", HTMLVideoElement);
  video.muted = !video.muted;
  button("hall-sound").setAttribute("aria-pressed", String(!video.muted));
});
const refresh = () => Promise.all([fetchLine(), fetchNotes()]);
setInterval(() => {
  if (!line || line.room.status !== "ditutup") void refresh();
}, REFRESH_MS);

bindKeys([
  { key: " ", shown: t("Spasi"), words: t("Putar atau jeda"), run: () => press(button("play")) },
  { key: "arrowleft", shown: "←", words: t("Mundur 5 detik"), run: () => seek(player.at - SMALL_STEP_MS) },
  { key: "arrowright", shown: "→", words: t("Maju 5 detik"), run: () => seek(player.at + SMALL_STEP_MS) },
  { key: "n", words: t("Catatan berikutnya"), run: () => stepNote(1) },
  { key: "b", words: t("Catatan sebelumnya"), run: () => stepNote(-1) },
  { key: "l", words: t("Giliran berikutnya"), run: () => stepTurn(1) },
  { key: "j", words: t("Giliran sebelumnya"), run: () => stepTurn(-1) },
  { key: "+", words: t("Perbesar garis waktu"), run: () => track.zoom(1.6) },
  { key: "-", words: t("Perkecil garis waktu"), run: () => track.zoom(1 / 1.6) },
  { key: "0", words: t("Seluruh sesi"), run: () => track.zoom(0) },
  { key: "m", words: t("Suara aula nyala atau mati"), run: () => press(button("hall-sound")) },
  { key: "/", words: t("Cari kata"), run: () => byId("f-q", HTMLInputElement).focus() },
]);
void refresh().then(() => {
  // The address may name a note: whoever followed a link to its moment is taken there.
  const named = shown.find((note) => `#${note.id}` === location.hash);
  if (named) playNote(named);
});

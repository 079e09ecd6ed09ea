/**
 * Meja Notulis: one key opens a note, and the opening fixes its moment, speaker, desa and topic. Everything
 * after that may take its time.
 */
import { byId, el } from "../dom.js";
import { suggestOpd } from "../kamus.js";
import { Photos } from "../photos.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { noteWord } from "../words.js";
import { openConsole } from "./console.js";
import { Drafts } from "./drafts.js";
import { bindKeys, press } from "./keys.js";
import { bindListed } from "./listed.js";
import { joinStage } from "./media.js";
import { typedOf } from "./note_fields.js";
import { JENIS, NoteForm } from "./notulis_form.js";
import { bindNotes } from "./notulis_list.js";
import { write } from "./rows.js";
import { followStage } from "./stage.js";
import { mentionIn } from "./timeline.js";
import { bindTakarir } from "./takarir.js";
import { bindWritten } from "./written.js";

/** @typedef {import("./api.js").Jenis} Jenis */
/** @typedef {import("./api.js").Catatan} Catatan */

/** @type {Record<Jenis, string>} */
const KEYS = { usulan: "u", keluhan: "k", pertanyaan: "p", arahan: "a" };

const desk = openConsole();
followStage(desk);
const written = bindWritten(desk);
bindTakarir(desk);
const drafts = new Drafts(desk.boot.base, localStorage);
const photos = new Photos(desk.boot.base);
const form = new NoteForm(desk, drafts, photos);
const notes = bindNotes(desk, editNote);
drafts.follow(() => form.draw(), (note) => {
  desk.toast(t("{jenis} tercatat: {kata}", { jenis: noteWord(note.jenis), kata: note.judul || note.ucapan }));
  void photos.release(note.id);
  notes.mark(note.id);
  notes.refresh();
});
desk.onDraw(() => {
  form.draw();
  const item = desk.list("agenda").find((/** @type {any} */ one) => one.state === "berjalan");
  write(byId("title", HTMLElement), desk.session?.title ?? desk.boot.title);
  write(byId("subtitle", HTMLElement), item ? `${t("Meja Notulis")} · ${item.title}` : t("Meja Notulis"));
});
photos.onChange(notes.refresh);
desk.wire.on("welcome", () => {
  retry();
  void suggestOpd(desk.boot.base, byId("opd", HTMLElement));
});

const listed = bindListed(desk, {
  draft: () => {
    const draft = drafts.get(form.current)?.draft ?? null;
    return draft && draft.jenis === "usulan" && !draft.edits ? draft : null;
  },
  now,
  linked: (line, draft) => {
    desk.toast(t("Ditautkan ke daftar: {kata}", { kata: line.judul }));
    // Photos stay with what they were put to, until somebody puts them elsewhere.
    if (draft && photos.of(draft.id).length) desk.toast(t("Fotonya masih ada di konsep."));
    else if (draft) void drafts.discard(draft.id);
    notes.mark(line.id);
    notes.refresh();
  },
});
byId("jenis-keys", HTMLElement).append(
  ...JENIS.map((jenis) =>
    el("button", { class: "button jenis-key", type: "button", "data-jenis": jenis, "data-testid": `catat-${jenis}`, onclick: () => openNote(jenis) }, noteWord(jenis), el("kbd", null, KEYS[jenis].toUpperCase())),
  ),
  el("button", { class: "button jenis-key", type: "button", "data-testid": "buka-daftar", onclick: () => void listed.open() }, t("Dari daftar"), el("kbd", null, "L")),
);

function retry() {
  drafts.retry();
  photos.retry();
}

/** @returns {import("./drafts.js").Instant} */
function now() {
  const { turn, stage } = desk;
  return { spoken_at: Math.round(desk.wire.serverNow()), seat_id: turn?.seat_id ?? stage?.slots.aula ?? null, turn_id: turn?.turn_id ?? null };
}

/** What is said at this very moment, by whom, about what. @param {Jenis} jenis */
function openNote(jenis) {
  const { turn } = desk;
  const id = newId();
  drafts.open({
    id,
    jenis,
    opened_at: Date.now(),
    instant: now(),
    topic: turn ? [turn.nama, turn.topic].filter(Boolean).join(": ") : "",
    typed: jenis === "arahan" ? {} : { pengusul_nama: turn?.nama ?? "", pengusul_jabatan: turn?.jabatan ?? "" },
    edits: null,
  });
  form.show(id);
}

/** @param {Catatan} note */
function editNote(note) {
  const open = drafts.list().find((entry) => entry.draft.edits?.id === note.id);
  if (open) return form.show(open.draft.id);
  const mention = mentionIn(note, desk.boot.room_id);
  const id = newId();
  drafts.open({
    id,
    jenis: note.jenis,
    opened_at: Date.now(),
    instant: { spoken_at: mention?.spoken_at ?? note.created_at, seat_id: mention?.seat_id ?? note.seat_id, turn_id: mention?.turn_id ?? null },
    topic: t("Mengubah catatan"),
    typed: typedOf(note),
    edits: { id: note.id, version: note.version, foto: note.foto },
  });
  return form.show(id);
}

/** Keys that also work while one types: with Alt, so that no letter is lost. @param {KeyboardEvent} event */
function whileTyping(event) {
  if (document.querySelector("dialog[open]")) return;
  const letter = event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  /** @type {Jenis | undefined} */
  const jenis = JENIS.find((one) => KEYS[one] === letter);
  const nth = /^[1-9]$/.test(letter) ? drafts.list()[Number(letter) - 1] : undefined;
  if (event.ctrlKey && event.key === "Enter") void drafts.submit(form.current);
  else if (event.key === "Escape" && document.activeElement instanceof HTMLElement) document.activeElement.blur();
  else if (!event.altKey || event.ctrlKey || event.metaKey) return;
  else if (jenis) openNote(jenis);
  else if (letter === "l") void listed.open();
  else if (nth) form.show(nth.draft.id);
  else if (event.code === "Comma") form.shift(-1);
  else if (event.code === "Period") form.shift(1);
  else return;
  event.preventDefault();
}
document.addEventListener("keydown", whileTyping);
addEventListener("online", retry);

bindKeys([
  ...JENIS.map((jenis) => ({ key: KEYS[jenis], words: t("{jenis} baru; sambil mengetik: Alt dan tombol ini", { jenis: noteWord(jenis) }), run: () => openNote(jenis) })),
  { key: "l", words: t("Dari daftar kantor yang bicara; sambil mengetik: Alt dan tombol ini"), run: () => void listed.open() },
  { key: "ctrl+enter", shown: "Ctrl ↵", words: t("Catat"), run: () => {} },
  { key: "escape", shown: "Esc", words: t("Keluar dari isian"), run: () => {} },
  { key: ",", shown: ",", words: t("Saatnya mundur 5 detik; sambil mengetik dengan Alt"), run: () => form.shift(-1) },
  { key: ".", shown: ".", words: t("Saatnya maju 5 detik; sambil mengetik dengan Alt"), run: () => form.shift(1) },
  { key: "[", words: t("Konsep sebelumnya"), run: () => form.step(-1) },
  { key: "]", words: t("Konsep berikutnya; Alt dan angka memilih"), run: () => form.step(1) },
  { key: "e", words: t("Kembali mengetik"), run: () => form.show(form.current) },
  { key: "/", words: t("Cari dalam catatan"), run: () => byId("notes-search", HTMLInputElement).focus() },
  { key: "v", words: t("Masukan tertulis dan jawabannya"), run: () => written.open() },
  { key: "t", words: t("Teks untuk dibaca di semua ruang"), run: () => byId("takarir", HTMLInputElement).focus() },
  { key: "m", words: t("Suara nyala atau mati"), run: () => press(byId("sound", HTMLButtonElement)) },
]);
joinStage(desk);
desk.start();
void Promise.all([drafts.load(), photos.load()]).then(() => photos.releaseAllBut(new Set(drafts.list().map((entry) => entry.draft.id))));

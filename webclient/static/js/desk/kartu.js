/**
 * Kartu desa: of who is next, three lines on their card and the whole in a dialog: its people, what it asks for,
 * what became of what it asked for a year ago, and what was promised to it.
 */
import { byId, el, refill, show } from "../dom.js";
import { Fetching } from "../fetching.js";
import { tahapWords } from "../room/words.js";
import { t } from "../t.js";
import { noteWord } from "../words.js";
import { get } from "./api.js";
import { part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {{id: string, judul: string, tahap: string, putusan: string, realisasi: string, perkiraan_biaya: number | null}} Usulan */
/** @typedef {{id: string, jenis: string, judul: string, penanggung_jawab: string, tenggat: string | null, terlambat: boolean}} Janji */
/** @typedef {{label: string, tahun_rencana: number, peserta: {nama: string, jabatan: string}[], usulan: Usulan[], lalu: Usulan[], janji: Janji[]}} Kartu */

/**
 * The card in at most three lines; none when nothing is known of the place.
 * @param {Kartu} kartu
 * @returns {string[]}
 */
export function shortLines({ usulan, lalu, janji }) {
  const [first] = usulan;
  const taken = lalu.filter((one) => one.putusan === "diakomodir").length;
  const late = janji.filter((one) => one.terlambat).length;
  return [
    first ? t("Usulan tahun ini {jumlah}: {judul}", { jumlah: usulan.length, judul: first.judul }) : "",
    lalu.length ? t("Tahun lalu: {diterima} dari {jumlah} diakomodir", { diterima: taken, jumlah: lalu.length }) : "",
    janji.length ? (late ? t("Janji terbuka: {jumlah}, {lewat} lewat tenggat", { jumlah: janji.length, lewat: late }) : t("Janji terbuka: {jumlah}", { jumlah: janji.length })) : "",
  ].filter(Boolean);
}

/**
 * @param {Console} desk
 * @returns {{follow: (card: HTMLElement, seat: string | null) => void, open: (seat: string) => void}}
 */
export function bindKartu(desk) {
  const dialog = byId("kartu-dialog", HTMLDialogElement);
  /** Seat -> its card, asked for once until some note changes. @type {Map<string, Promise<Kartu>>} */
  const known = new Map();
  const cards = new Fetching(async () => {
    known.clear();
    await Promise.all([...followed].map(drawShort));
  });
  desk.wire.on("catatan", () => cards.soon());
  // By the line that is back: a fetch by the one that is gone may hang.
  desk.wire.on("welcome", () => void cards.afresh());
  /** @type {Set<HTMLElement>} */
  const followed = new Set();

  /** @param {string} seat */
  function ask(seat) {
    const held = known.get(seat);
    if (held) return held;
    const asked = /** @type {Promise<Kartu>} */ (get(`${desk.boot.base}api/kartu/${encodeURIComponent(seat)}`));
    known.set(seat, asked);
    // What could not be had is asked for again the next time; a card without its lines says nothing wrong.
    asked.catch(() => known.delete(seat));
    return asked;
  }

  /** @param {HTMLElement} card */
  async function drawShort(card) {
    const seat = card.dataset.kartu;
    /** @type {string[]} */
    let lines = [];
    try {
      if (seat) lines = shortLines(await ask(seat));
    } catch {
      lines = [];
    }
    if (card.dataset.kartu !== seat) return;
    const facts = part(card, "facts");
    refill(facts, lines.map((line) => el("li", null, line)));
    show(facts, lines.length > 0);
  }

  /** @param {string} seat */
  async function open(seat) {
    try {
      draw(await ask(seat));
      dialog.showModal();
    } catch (why) {
      desk.toast(/** @type {Error} */ (why).message);
    }
  }

  return {
    follow(card, seat) {
      followed.add(card);
      if ((card.dataset.kartu ?? "") === (seat ?? "")) return;
      card.dataset.kartu = seat ?? "";
      show(part(card, "facts"), false);
      void drawShort(card);
    },
    open: (seat) => void open(seat),
  };
}

/** @param {Kartu} kartu */
function draw(kartu) {
  write(byId("kartu-dialog-title", HTMLElement), kartu.label);
  write(byId("kartu-peserta", HTMLElement), kartu.peserta.map((one) => [one.nama, one.jabatan].filter(Boolean).join(", ")).filter(Boolean).join(" · "));
  fill("kartu-usulan", kartu.usulan.map((one) => [one.judul, tahapWords(one.tahap, one.putusan)]));
  fill("kartu-lalu", kartu.lalu.map((one) => [one.judul, [tahapWords(one.tahap, one.putusan), realisasiWord(one.realisasi)].filter(Boolean).join(", ")]));
  fill("kartu-janji", kartu.janji.map((one) => [one.judul, [noteWord(one.jenis), one.penanggung_jawab, one.tenggat ? t("tenggat {tanggal}", { tanggal: dayWord(one.tenggat) }) : "", one.terlambat ? t("lewat tenggat") : ""].filter(Boolean).join(" · "), one.terlambat]));
}

/** @param {string} day `2027-01-31` */
function dayWord(day) {
  return new Date(`${day}T00:00`).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric" });
}

/** @param {string} realisasi */
function realisasiWord(realisasi) {
  const words = { dianggarkan: t("dianggarkan"), dikerjakan: t("dikerjakan"), selesai: t("selesai dikerjakan") };
  return /** @type {Record<string, string>} */ (words)[realisasi] ?? "";
}

/**
 * @param {string} id
 * @param {[string, string, boolean?][]} rows words, what is said of them, and whether that is alarming
 */
function fill(id, rows) {
  const list = byId(id, HTMLElement);
  refill(list, rows.map(([words, more, alarm]) => el("li", { class: "side-row" }, el("div", { class: "list-main" }, el("p", { class: "strong" }, words), el("p", { class: alarm ? "error" : "soft small" }, more)))));
  show(byId(`${id}-none`, HTMLElement), rows.length === 0);
}

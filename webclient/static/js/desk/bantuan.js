/**
 * Petugas Bantuan: the offices that need help now, the worst first, and what is written with one of them. The same
 * tab stands at Meja Operator, last; a help desk begins with it.
 */
import { byId, el, refill, show } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { clockWord } from "../words.js";
import { Refusal, get, request } from "./api.js";
import { ask } from "./ask.js";
import { seatOf } from "./faces.js";
import { openTab } from "./operator_side.js";
import { Rows, part, write } from "./rows.js";
import { troubleOf, worstFirst } from "./troubles.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {{ id: string, seat_id: string, dari_petugas: boolean, teks: string, at: number }} Pesan */

/**
 * @param {Console} desk
 * @param {import("./operator_side.js").CheckOf} checkOf
 * @param {(seatId: string) => void} openSeat
 * @returns {(seatId: string) => void} shows what is written with this office in its dialog
 */
export function bindHelp(desk, checkOf, openSeat) {
  /** By office, oldest first. @type {Map<string, Pesan[]>} */
  const threads = new Map();
  /** @type {Record<string, import("./troubles.js").Health>} */
  let health = {};
  /** Seats that were there since this desk looks. @type {Set<string>} */
  const came = new Set();
  /** @type {Record<string, import("../protocol.js").Page>} */
  let pages = {};
  let seatId = "";

  const of = (/** @type {string} */ seat) => threads.get(seat) ?? [];
  const has = (/** @type {Pesan} */ one) => of(one.seat_id).some(({ id }) => id === one.id);
  const take = (/** @type {Pesan[]} */ all) => {
    for (const one of all) {
      if (!has(one)) threads.set(one.seat_id, [...of(one.seat_id), one].sort((a, b) => a.at - b.at));
    }
    desk.redraw();
  };
  desk.wire.on("bantuan", ({ pesan }) => {
    const fresh = !has(pesan);
    take([pesan]);
    if (fresh && !pesan.dari_petugas) desk.toast(t("{tempat} minta bantuan: {teks}", { tempat: seatOf(desk, pesan.seat_id)?.label ?? "", teks: pesan.teks.split("\n")[0] ?? "" }));
  });
  desk.wire.on("welcome", async () => {
    const kept = await get(`${desk.boot.base}api/bantuan`).catch((why) => console.warn("messages:", why));
    if (kept) take(kept.items);
  });
  desk.wire.on("halaman", (message) => {
    pages = { ...pages, ...message.seats };
    desk.redraw();
  });
  desk.wire.on("health", (message) => {
    health = message.seats;
    desk.redraw();
  });

  const rows = new Rows(byId("troubles", HTMLElement), {
    key: (/** @type {import("./troubles.js").Trouble} */ one) => one.seat.seat_id,
    make: (one) => el("li", null, el("button", { class: "seat-row", type: "button", "data-testid": "masalah", onclick: () => openSeat(one.seat.seat_id) },
      el("span", { class: "list-main" }, el("span", { class: "strong", "data-part": "label" }), el("span", { class: "soft small", "data-part": "words" })),
      el("span", { class: "badge badge-alarm", "data-part": "first" }))),
    update: (row, one) => {
      write(part(row, "label"), one.seat.label);
      write(part(row, "first"), one.words[0] ?? "");
      write(part(row, "words"), one.words.slice(1).join(" · "));
    },
  });
  desk.onDraw(() => {
    /** @type {Seat[]} */
    const seats = desk.list("seats").filter((/** @type {Seat} */ seat) => seat.kind !== "aula");
    for (const seat of seats) if (seat.connected || seat.turns > 0) came.add(seat.seat_id);
    const near = new Set([desk.turn?.seat_id, ...desk.list("bersiap").map((/** @type {{ seat_id: string }} */ one) => one.seat_id)]);
    const status = desk.session?.status;
    const began = status === "berlangsung" || status === "diskors";
    const troubles = status === "ditutup" ? [] : worstFirst(seats.map((seat) => troubleOf(seat, {
      health: health[seat.seat_id], check: checkOf(seat.seat_id), asks: of(seat.seat_id).at(-1)?.dari_petugas === false,
      near: near.has(seat.seat_id), came: came.has(seat.seat_id), began,
    })));
    rows.show(troubles);
    show(byId("troubles-none", HTMLElement), troubles.length === 0);
    write(part(byId("tab-help", HTMLElement), "count"), troubles.length ? String(troubles.length) : "");
  });
  if (desk.boot.role === "bantuan") openTab("help");

  const thread = byId("seat-messages", HTMLElement);
  const form = byId("seat-write", HTMLFormElement);
  const text = byId("seat-text", HTMLInputElement);
  /** What the server has not answered: it may have come all the same, so pressed again it goes as the same message. */
  let unanswered = { id: "", teks: "", seat_id: "" };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const teks = text.value.trim();
    if (!teks) return text.focus();
    const asked = seatId;
    if (unanswered.teks !== teks || unanswered.seat_id !== asked) unanswered = { id: newId(), teks, seat_id: asked };
    const { id } = unanswered;
    const kept = await told(request("POST", `${desk.boot.base}api/bantuan`, unanswered));
    if (!kept) return;
    if (unanswered.id === id) unanswered = { id: "", teks: "", seat_id: "" };
    // Another office may have been opened meanwhile: what is typed there, and its link, are its own.
    if (asked === seatId) text.value = "";
    take([kept]);
  });
  const renew = byId("seat-renew", HTMLButtonElement);
  const link = byId("seat-link", HTMLInputElement);
  renew.addEventListener("click", async () => {
    const asked = seatId;
    const seat = seatOf(desk, asked);
    if (!await ask(t("Tautan baru untuk {tempat}?", { tempat: seat?.label ?? "" }), t("Tautan lama berakhir, juga di perangkat yang sedang memakainya. Kirimkan yang baru kepada kantor itu sendiri."), t("Buat tautan baru"))) return;
    const made = await told(request("POST", `${desk.boot.base}api/bantuan/tautan`, { seat_id: asked }));
    if (!made || asked !== seatId) return;
    link.value = made.url;
    show(link, true);
    link.focus();
    link.select();
  });

  /** @template T @param {Promise<T>} asked @returns {Promise<T | null>} */
  async function told(asked) {
    try {
      return await asked;
    } catch (why) {
      desk.toast(why instanceof Refusal ? why.message : t("Belum terkirim: sambungan terputus. Coba lagi."));
      return null;
    }
  }
  const page = byId("seat-page", HTMLElement);
  desk.onDraw(() => {
    if (!seatId) return;
    const seat = seatOf(desk, seatId);
    const seen = seat?.connected ? pages[seatId] : undefined;
    show(page, seen !== undefined);
    if (seen) write(page, t("Di layar mereka: {isi}", { isi: pageWords(seen).join(" · ") }));
    const all = of(seatId);
    show(thread, all.length > 0);
    refill(thread, ...all.map((one) => el("li", { class: one.dari_petugas ? "said-desk" : "said-office" },
      el("span", { class: "soft small" }, one.dari_petugas ? t("Petugas") : t("Kantor"), " · ", clockWord(one.at)), el("p", { class: "message-text" }, one.teks))));
  });

  return (id) => {
    seatId = id;
    text.value = link.value = "";
    show(link, false);
    desk.redraw();
  };
}

/** What an office's device has before it. @param {import("../protocol.js").Page} page @returns {string[]} */
function pageWords({ gambar, mikrofon, kamera, suara, tampak }) {
  return [
    { nyala: t("mikrofon nyala"), mati: t("mikrofon mati"), tanpa: t("tanpa mikrofon"), telepon: t("mikrofon dipakai telepon") }[mikrofon],
    { nyala: t("kamera nyala"), mati: t("kamera mati"), tanpa: t("tanpa kamera") }[kamera],
    { biasa: t("gambar biasa"), hemat: t("gambar hemat"), suara: t("hanya suara") }[gambar],
    suara === "tertahan" ? t("suara tertahan: mintalah mengetuk halaman") : t("suara terbuka"),
    tampak ? "" : t("halaman sedang tidak di depan"),
  ].filter(Boolean);
}

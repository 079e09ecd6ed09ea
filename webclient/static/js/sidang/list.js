/**
 * The list of usulan in its order of priority: moved by buttons or by dragging, struck off and put back.
 */
import { announce, byId, el, icon, refill, show } from "../dom.js";
import { tahapWords } from "../room/words.js";
import { t } from "../t.js";
import { bindDrag } from "./drag.js";
import { idsOf } from "./kinds.js";
import { stateMarks } from "./marks.js";

/** @typedef {import("./ledger.js").Ledger} Ledger */
/** @typedef {import("./ledger.js").Item} Item */
/** @typedef {{ edit: (one: string) => void, remove: (item: Item, words: string) => void, compare: (item: Item) => void }} Ways */

const rupiah = new Intl.NumberFormat("id-ID", { style: "currency", currency: "IDR", maximumFractionDigits: 0 });

/** @param {Ledger} ledger @returns {Item[]} the first comes first, without those that were struck off */
export function ranked(ledger) {
  const order = idsOf(ledger.get("urutan")?.words ?? {});
  const place = (/** @type {Item} */ item) => (order.includes(item.one) ? order.indexOf(item.one) : order.length);
  return ledger.list("usulan").filter((item) => item.words.hapus !== "ya").sort((a, b) => place(a) - place(b));
}

/** @param {Ledger} ledger @param {Ways} ways @returns {() => void} draws */
export function bindList(ledger, ways) {
  const list = byId("daftar", HTMLElement);
  /** @param {string[]} ids */
  const arrange = (ids) => void ledger.write("urutan", "", { ids: ids.join(" ") });
  /** @param {Item} item @param {1 | -1} by */
  const move = (item, by) => {
    const ids = ranked(ledger).map(({ one }) => one);
    const here = ids.indexOf(item.one);
    const there = here + by;
    if (there < 0 || there >= ids.length) return;
    ids.splice(there, 0, ...ids.splice(here, 1));
    arrange(ids);
    announce(t("{usulan}: urutan {nomor} dari {jumlah}", { usulan: item.words.judul ?? "", nomor: there + 1, jumlah: ids.length }));
  };
  const dragging = bindDrag(list, arrange);
  /** @type {Map<string, [string, HTMLElement]>} the rows that stand, and what each was drawn from */
  let drawn = new Map();
  /** @param {Item} item @param {number} at @param {number} of @param {boolean} closed @returns {[string, HTMLElement]} */
  const kept = (item, at, of, closed) => {
    const from = JSON.stringify([item, at, of, closed]);
    const before = drawn.get(item.one);
    return before?.[0] === from ? before : [from, row(item, at, of, closed, move, ways)];
  };
  return () => {
    if (dragging()) return;
    const items = ranked(ledger);
    const closed = ledger.get("pokok")?.words.selesai === "ya";
    const before = [...drawn.values()];
    drawn = new Map(items.map((item, at) => [item.one, kept(item, at, items.length, closed)]));
    const now = [...drawn.values()];
    // Rows that stand as they are stay: a press that began on one ends on it.
    if (!now.length || now.length !== before.length || now.some((one, at) => one !== before[at])) {
      refill(list, now.length ? now.map(([, node]) => node) : el("li", { class: "empty" }, t("Belum ada usulan. Tambahkan satu per satu, atau muat dari berkas.")));
    }
    byId("daftar-jumlah", HTMLElement).textContent = items.length ? t("{jumlah} usulan", { jumlah: items.length }) : "";
    drawGone(ledger, closed, ways);
    const order = ledger.get("urutan");
    const marks = byId("urutan-beda", HTMLElement);
    refill(marks, order && (order.state === "beda" || order.state === "salah") ? stateMarks(order, () => ways.compare(order)) : null);
  };
}

/**
 * @param {Item} item @param {number} at @param {number} of @param {boolean} closed
 * @param {(item: Item, by: 1 | -1) => void} move @param {Ways} ways
 */
function row(item, at, of, closed, move, ways) {
  const { base, words, one } = item;
  const key = (/** @type {string} */ name, /** @type {string} */ label, /** @type {1 | -1} */ by, /** @type {boolean} */ end) =>
    el("button", { class: "button button-icon", type: "button", "aria-disabled": end ? "true" : null, "aria-label": `${label}: ${words.judul}`, title: label, "data-key": `${name} ${one}`, "data-testid": name, onclick: () => move(item, by) }, icon(by < 0 ? "up" : "down"));
  const place = words.dusun || words.alamat;
  const size = [words.volume, words.satuan].filter(Boolean).join(" ");
  const cost = (words.perkiraan_biaya ?? "").replace(/\D/g, "");
  const about = [place, size, cost && rupiah.format(Number(cost))].filter(Boolean).join(" · ");
  const locked = words.terkunci === "ya";
  return el("li", { class: "sidang-row", "data-id": one, "data-state": item.state, "data-testid": "baris" },
    el("span", { class: "sidang-place", "aria-hidden": "true" }, at + 1),
    el("div", { class: "sidang-main" },
      el("p", { class: "strong" }, el("span", { class: "visually-hidden" }, t("Urutan {nomor}:", { nomor: at + 1 }), " "), words.judul ?? ""),
      about ? el("p", { class: "soft small" }, about) : null,
      el("p", { class: "sidang-marks" },
        words.kanal === "susulan" ? el("span", { class: "badge badge-plain" }, t("dari kertas")) : null,
        Number(words.disebut) ? el("span", { class: "badge badge-good" }, t("disebut dalam pleno")) : null,
        locked ? el("span", { class: "badge badge-wait" }, tahapWords(words.tahap ?? "", words.putusan ?? "")) : null,
        stateMarks(item, () => ways.compare(item))),
      item.version ? el("a", { class: "sidang-files small", href: `${base}usulan/${one}#berkas`, "data-key": `berkas ${one}`, "data-testid": "to-files" }, t("Surat pengantar dan RAB")) : null),
    closed ? null : el("span", { class: "sidang-handle", "data-handle": true, "aria-hidden": "true", title: t("Seret untuk memindahkan") }, "⠿"),
    closed ? null : el("div", { class: "sidang-keys" },
      key("naik", t("Naik"), -1, at === 0), key("turun", t("Turun"), 1, at === of - 1),
      locked ? null : el("button", { class: "button", type: "button", "data-key": `ubah ${one}`, "data-testid": "ubah", onclick: () => ways.edit(one) }, t("Ubah")),
      locked ? null : el("button", { class: "button button-quiet", type: "button", "data-key": `hapus ${one}`, "data-testid": "hapus", onclick: () => ways.remove(item, words.judul ?? "") }, t("Hapus"))));
}

/** What was struck off can be put back, also another day. @param {Ledger} ledger @param {boolean} closed @param {Ways} ways */
function drawGone(ledger, closed, ways) {
  const gone = ledger.list("usulan").filter(({ words }) => words.hapus === "ya");
  const box = byId("terhapus", HTMLDetailsElement);
  show(box, gone.length > 0);
  byId("terhapus-jumlah", HTMLElement).textContent = t("Dihapus dari daftar ({jumlah})", { jumlah: gone.length });
  refill(byId("terhapus-isi", HTMLElement), gone.map((item) => el("li", { "data-testid": "terhapus" }, el("span", { class: "list-main" }, item.words.judul ?? "", item.state === "salah" || item.state === "beda" ? el("span", { class: "sidang-marks" }, stateMarks(item, () => ways.compare(item))) : null),
    closed ? null : el("button", { class: "button", type: "button", "data-key": `kembali ${item.one}`, "data-testid": "kembalikan", onclick: () => void ledger.write("usulan", item.one, { hapus: "" }) }, t("Kembalikan")))));
}

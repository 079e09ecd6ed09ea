/**
 * Who attended: counted, corrected, struck out and put back. Who was put down for this office in the pleno is offered,
 * and taken over by one button.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { t } from "../t.js";
import { aboutWord } from "../person.js";
import { stateMarks } from "./marks.js";

/** @typedef {import("./ledger.js").Item} Item */

/**
 * @param {import("./ledger.js").Ledger} ledger
 * @param {import("./list.js").Ways} ways
 * @returns {() => void} draws
 */
export function bindPeople(ledger, ways) {
  const list = byId("hadir", HTMLElement);
  const offer = byId("dari-pleno", HTMLElement);
  byId("ambil-pleno", HTMLButtonElement).addEventListener("click", async () => {
    const people = unlisted(ledger);
    await ledger.writeAll(people.map(({ id, ...words }) => /** @type {const} */ (["hadir", id, words])));
    announce(t("{jumlah} orang dicatat hadir.", { jumlah: people.length }));
  });
  return () => {
    const people = unlisted(ledger);
    byId("dari-pleno-nama", HTMLElement).textContent = t("Hadir dalam pleno dan belum di daftar ini: {nama}.", { nama: people.map(({ nama }) => nama).join(", ") });
    show(offer, people.length > 0 && ledger.get("pokok")?.words.selesai !== "ya");
    const all = ledger.list("hadir").filter(({ words }) => words.hapus !== "ya");
    const closed = ledger.get("pokok")?.words.selesai === "ya";
    const number = (/** @type {string} */ kind) => all.filter(({ words }) => words.jenis_kelamin === kind).length;
    byId("hadir-jumlah", HTMLElement).textContent = all.length ? t("{jumlah} orang · L {l} · P {p}", { jumlah: all.length, l: number("L"), p: number("P") }) : "";
    refill(list, all.length ? all.map((item) => row(item, closed, ways)) : el("li", { class: "empty" }, t("Belum ada yang dicatat.")));
  };
}

/** Who came to the pleno and neither stands here nor was struck out here. @param {import("./ledger.js").Ledger} ledger */
function unlisted(ledger) {
  const name = (/** @type {string | undefined} */ nama) => (nama ?? "").trim().toLowerCase();
  const known = new Set(ledger.list("hadir").map(({ words }) => name(words.nama)));
  return ledger.pleno.filter(({ id, nama }) => !ledger.get("hadir", id) && !known.has(name(nama)));
}

/** @param {Item} item @param {boolean} closed @param {import("./list.js").Ways} ways */
function row(item, closed, ways) {
  const { words, one } = item;
  const about = [words.jabatan, words.asal, aboutWord({ jenis_kelamin: words.jenis_kelamin ?? "", unsur: words.unsur ?? "", hak: words.hak ?? "" })].filter(Boolean).join(" · ");
  return el("li", { "data-state": item.state, "data-testid": "orang" },
    el("div", { class: "list-main" }, el("p", { class: "strong" }, words.nama ?? ""), about ? el("p", { class: "soft small" }, about) : null,
      el("p", { class: "sidang-marks" }, stateMarks(item, () => ways.compare(item)))),
    closed ? null : el("div", { class: "row" },
      el("button", { class: "button", type: "button", "aria-label": t("Ubah {nama}", { nama: words.nama ?? "" }), "data-key": `ubah ${one}`, onclick: () => ways.edit(one) }, t("Ubah")),
      el("button", { class: "button button-quiet", type: "button", "aria-label": t("Hapus {nama}", { nama: words.nama ?? "" }), "data-key": `hapus ${one}`, onclick: () => ways.remove(item, words.nama ?? "") }, t("Hapus"))));
}

/**
 * The form "Buat sesi" made quick: agenda rows that grow and move, seats found and chosen by kecamatan, the
 * script ordered. Without this script the same form still posts everything that matters.
 */
import { readBoot } from "../boot.js";
import { byId, el, show } from "../dom.js";
import { t } from "../t.js";
import { kecamatanOf } from "../words.js";
import { agendaEditor, rowKeys } from "./agenda_editor.js";
import { steps } from "./steps.js";

const boot = readBoot();

/** @typedef {{row: HTMLElement, select: HTMLSelectElement, kode: string, label: string, district: HTMLDetailsElement}} Place */

/** @returns {Place[]} */
function places() {
  return [...document.querySelectorAll(".place")].flatMap((row) => {
    const select = row.querySelector("select");
    const district = row.closest("details");
    if (!(row instanceof HTMLElement) || !select || !district) return [];
    const name = row.querySelector("label")?.textContent?.trim() ?? "";
    return [{ row, select, kode: row.dataset.kode ?? "", label: `${name}, ${t("Kec. {nama}", { nama: district.dataset.nama ?? "" })}`, district }];
  });
}

/** @param {Place} place */
const kindOf = (place) => place.select.value.split(":")[1] ?? "";

/** @param {Place} place @param {string} kind */
function setKind(place, kind) {
  place.select.value = kind ? `${place.kode}:${kind}` : "";
}

function seats() {
  const all = places();
  const search = byId("seat-search", HTMLInputElement);
  const script = byId("script", HTMLElement);
  show(byId("seat-tools", HTMLElement), true);
  for (const tools of document.querySelectorAll(".district-tools")) show(tools, true);

  const draw = () => {
    for (const place of all) place.row.dataset.kind = kindOf(place);
    for (const district of new Set(all.map((place) => place.district))) {
      const here = all.filter((place) => place.district === district);
      const chosen = here.filter((place) => kindOf(place) !== "").length;
      const count = district.querySelector("[data-jumlah]");
      if (count) count.textContent = chosen ? t("{ikut} dari {semua}", { ikut: chosen, semua: here.length }) : String(here.length);
    }
    const number = (/** @type {string} */ kind) => all.filter((place) => kindOf(place) === kind).length;
    byId("seat-count", HTMLElement).textContent = t("{dialog} berdialog, {menyimak} menyimak, {tamu} tamu", { dialog: number("dialog"), menyimak: number("menyimak"), tamu: number("tamu") });
    orderScript(script, all);
  };

  search.addEventListener("input", () => {
    const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    for (const place of all) show(place.row, words.every((word) => place.label.toLowerCase().includes(word)));
    for (const district of new Set(all.map((place) => place.district))) {
      const found = all.some((place) => place.district === district && !place.row.hidden);
      show(district, found);
      if (words.length) district.open = found;
    }
  });
  search.addEventListener("keydown", (event) => {
    // Enter in a search box must not make the session.
    if (event.key === "Enter") event.preventDefault();
  });
  byId("kursi", HTMLElement).addEventListener("change", draw);
  byId("kursi", HTMLElement).addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    const { kecamatan, semua } = button.dataset;
    for (const place of all) {
      if (kecamatan !== undefined && place.district.contains(button)) setKind(place, kecamatan);
      if (semua === "") setKind(place, "");
      if (semua && kindOf(place) === "") setKind(place, semua);
    }
    draw();
  });
  draw();
}

/**
 * The script holds exactly the offices in dialogue: those that are new come last, the others keep their place.
 * @param {HTMLElement} script
 * @param {Place[]} all
 */
function orderScript(script, all) {
  const wanted = all.filter((place) => kindOf(place) === "dialog");
  for (const row of [...script.children]) {
    const kode = row.getAttribute("data-kode");
    const place = wanted.find((one) => one.kode === kode);
    if (!place) row.remove();
    else if (!row.querySelector(".row-keys")) row.replaceWith(scriptRow(place));
  }
  for (const place of wanted) {
    if (!script.querySelector(`[data-kode="${CSS.escape(place.kode)}"]`)) script.append(scriptRow(place));
  }
}

/** @param {Place} place */
function scriptRow(place) {
  const row = el("li", { "data-kode": place.kode, "data-testid": "naskah-baris" }, el("span", null, place.label, el("input", { type: "hidden", name: "naskah", value: place.kode })));
  row.append(rowKeys(row));
  row.title = kecamatanOf(place.label);
  return row;
}

/** Copying another session would begin anew: it is offered until something was typed. */
function beginnings() {
  const old = document.getElementById("salin-lama");
  byId("form", HTMLElement).addEventListener("input", () => old && show(old, false), { once: true });
}

agendaEditor();
seats();
beginnings();
steps(`${boot.base}sesi/baru?periksa=ya`);

/**
 * Which notes are looked at: kecamatan, desa, jenis, bidang, words. The server filters, for the list and for
 * the exports alike, so that a file holds exactly what the screen shows.
 */
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { noteWord } from "../words.js";
import { fillBidang } from "./bidang.js";

const TYPING_MS = 250;

/**
 * @param {string} base
 * @param {() => void} changed
 * @returns {{fill: (line: import("./timeline.js").Timeline) => void, query: () => string}}
 */
export function bindFilters(base, changed) {
  const form = byId("filters", HTMLFormElement);
  const kecamatan = byId("f-kecamatan", HTMLSelectElement);
  const desa = byId("f-desa", HTMLSelectElement);
  /** @type {import("./timeline.js").Seat[]} */
  let seats = [];
  byId("f-jenis", HTMLSelectElement).append(...["usulan", "keluhan", "pertanyaan", "arahan"].map((jenis) => new Option(noteWord(jenis), jenis)));
  fillBidang(byId("f-bidang", HTMLSelectElement), t("Semua bidang"));

  const query = () => {
    const wanted = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string" && value.trim()) wanted.set(name, value.trim());
    return wanted.toString();
  };
  const point = () => {
    const wanted = query();
    const suffix = wanted ? `?${wanted}` : "";
    byId("csv", HTMLAnchorElement).href = `${base}api/catatan.csv${suffix}`;
    byId("xlsx", HTMLAnchorElement).href = `${base}api/catatan.xlsx${suffix}`;
    show(byId("clear", HTMLButtonElement), wanted !== "");
  };
  const apply = () => {
    point();
    changed();
  };
  const fillDesa = () => {
    const chosen = desa.value;
    const here = seats.filter((seat) => seat.kode_wilayah && (!kecamatan.value || seat.kecamatan === kecamatan.value));
    const options = here.map((seat) => new Option(seat.label, seat.kode_wilayah)).sort((a, b) => a.text.localeCompare(b.text, "id"));
    desa.replaceChildren(new Option(t("Semua desa"), ""), ...options);
    desa.value = options.some((option) => option.value === chosen) ? chosen : "";
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.target === kecamatan) fillDesa();
    timer = setTimeout(apply, event.target instanceof HTMLInputElement ? TYPING_MS : 0);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  byId("clear", HTMLButtonElement).addEventListener("click", () => {
    form.reset();
    fillDesa();
    apply();
  });
  point();
  return {
    query,
    fill: (line) => {
      seats = line.seats;
      const names = [...new Set(seats.map((seat) => seat.kecamatan).filter(Boolean))].sort((a, b) => a.localeCompare(b, "id"));
      const chosen = kecamatan.value;
      if (names.length + 1 !== kecamatan.options.length) kecamatan.replaceChildren(new Option(t("Semua kecamatan"), ""), ...names.map((name) => new Option(t("Kec. {nama}", { nama: name }), name)));
      kecamatan.value = chosen;
      fillDesa();
    },
  };
}

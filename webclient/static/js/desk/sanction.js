/**
 * What is done about one named person, in three steps, with its reason; and its lifting. An office and its
 * other people are never touched by it.
 */
import { byId, el, show } from "../dom.js";
import { aboutWord } from "../person.js";
import { t } from "../t.js";
import { sanctionWord } from "../words.js";
import { Rows, part, write } from "./rows.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Peserta} Peserta */
/** @typedef {import("./sections.js").Seat} Seat */

/**
 * @param {Console} desk
 * @returns {(pesertaId: string) => void} opens the dialog about somebody
 */
export function bindSanction(desk) {
  const dialog = byId("sanction-dialog", HTMLDialogElement);
  const why = byId("sanction-why", HTMLInputElement);
  const save = byId("sanction-save", HTMLButtonElement);
  const lift = byId("sanction-lift", HTMLButtonElement);
  const kinds = /** @type {HTMLInputElement[]} */ ([...byId("sanction-kinds", HTMLElement).querySelectorAll("input")]);
  let id = "";
  const person = () => /** @type {Peserta | undefined} */ (desk.list("peserta").find((/** @type {Peserta} */ one) => one.peserta_id === id));

  byId("sanction-form", HTMLFormElement).addEventListener("submit", async (event) => {
    event.preventDefault();
    const alasan = why.value.trim();
    write(byId("sanction-error", HTMLElement), alasan ? "" : t("Isi alasannya; ini tercatat."));
    why.setAttribute("aria-invalid", String(!alasan));
    if (!alasan) return why.focus();
    const jenis = kinds.find((kind) => kind.checked)?.value ?? "peringatan";
    if (await desk.giveBy(save, "sanction_peserta", { peserta_id: id, jenis, alasan })) dialog.close();
  });
  lift.addEventListener("click", async () => {
    if (await desk.giveBy(lift, "lift_sanction", { peserta_id: id })) dialog.close();
  });
  const draw = () => {
    const one = person();
    if (!dialog.open || !one) return;
    const seat = /** @type {Seat | undefined} */ (desk.list("seats").find((/** @type {Seat} */ s) => s.seat_id === one.seat_id));
    write(byId("sanction-dialog-title", HTMLElement), t("Tindakan terhadap {nama}", { nama: one.nama }));
    write(byId("sanction-facts", HTMLElement), [one.jabatan, seat?.label, one.sanksi ? t("sekarang: {tindakan}", { tindakan: sanctionWord(one.sanksi).toLowerCase() }) : "", one.alasan].filter(Boolean).join(" · "));
    show(lift, Boolean(one.sanksi));
  };
  desk.onDraw(draw);
  return (pesertaId) => {
    id = pesertaId;
    const one = person();
    if (!one) return;
    why.value = "";
    why.removeAttribute("aria-invalid");
    write(byId("sanction-error", HTMLElement), "");
    const present = kinds.findIndex((kind) => kind.value === one.sanksi);
    kinds.forEach((kind, index) => (kind.checked = index === Math.min(present + 1, kinds.length - 1)));
    dialog.showModal();
    draw();
    kinds.find((kind) => kind.checked)?.focus();
  };
}

/**
 * The people of an office, each with what was done about them.
 * @param {Console} desk
 * @param {HTMLElement} list
 * @param {{openSanction: (pesertaId: string) => void, correct: (person: Peserta) => void}} acts
 * @returns {Rows<Peserta>}
 */
export function peopleRows(desk, list, { openSanction, correct }) {
  return new Rows(list, {
    key: (/** @type {Peserta} */ person) => person.peserta_id,
    make: (person) =>
      el(
        "li",
        { class: "side-row", "data-testid": "orang" },
        el("div", { class: "list-main" }, el("p", { class: "strong", "data-part": "name" }), el("p", { class: "soft small", "data-part": "job" })),
        el("span", { class: "badge badge-alarm", "data-part": "sanction" }),
        el("button", { class: "button button-quiet", type: "button", "data-part": "correct", "data-testid": "ubah-orang" }, t("Ubah")),
        el("button", { class: "button button-quiet chair-only", type: "button", "data-part": "act", "data-testid": "tindakan", onclick: () => openSanction(person.peserta_id) }, t("Tindakan")),
      ),
    update: (row, person) => {
      write(part(row, "name"), person.nama);
      part(row, "correct").setAttribute("aria-label", t("Ubah {nama}", { nama: person.nama }));
      write(part(row, "job"), [person.jabatan, aboutWord(person)].filter(Boolean).join(" · "));
      write(part(row, "sanction"), sanctionWord(person.sanksi));
      show(part(row, "sanction"), Boolean(person.sanksi));
      part(row, "correct").onclick = () => correct(person);
      for (const act of ["correct", "act"]) show(part(row, act), desk.session?.status !== "ditutup");
    },
  });
}

/**
 * "Minta tanggapan": who shall answer the speaker? Somebody named at the Aula, a camat or guest, another office.
 * One list, narrowed by typing; Enter takes the first that can answer.
 */
import { byId, el, icon, show } from "../dom.js";
import { newId } from "../protocol.js";
import { t } from "../t.js";
import { seatWord } from "../words.js";
import { Rows, part, write } from "./rows.js";
import { obstacle } from "./sections.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {import("./sections.js").Seat} Seat */
/** @typedef {import("./sections.js").Peserta} Peserta */
/** @typedef {{seat_id: string, peserta_id: string | null, name: string, about: string, why: string, media: string, rank: number, add?: string}} Candidate
 *  why: what stands in the way, empty for nothing; add: a name at the Aula that is not registered yet */

const MOST_SHOWN = 60;

/**
 * @param {Console} desk
 * @returns {() => void} opens the choice
 */
export function bindReply(desk) {
  const dialog = byId("reply-dialog", HTMLDialogElement);
  const search = byId("reply-search", HTMLInputElement);
  const list = byId("reply-list", HTMLElement);
  const rows = new Rows(list, { key: (/** @type {Candidate} */ one) => `${one.seat_id} ${one.peserta_id ?? one.add ?? ""}`, make, update });

  /** @param {Candidate} first */
  function make(first) {
    const held = { one: first };
    const button = el(
      "button",
      { class: "seat-row", type: "button", "data-testid": "penanggap-baris" },
      el("span", { class: "list-main" }, el("span", { class: "strong", "data-part": "name" }), el("span", { class: "soft small", "data-part": "about" })),
      el("span", { class: "badge badge-plain", "data-part": "why" }),
      icon("mic"),
    );
    button.addEventListener("click", () => void choose(button, held.one));
    return Object.assign(el("li", null, button), { held });
  }

  /** @param {HTMLElement} row @param {Candidate} one */
  function update(row, one) {
    /** @type {any} */ (row).held.one = one;
    write(part(row, "name"), one.name);
    write(part(row, "about"), one.about);
    write(part(row, "why"), one.why);
    show(part(row, "why"), one.why !== "");
    const button = row.firstElementChild;
    if (button instanceof HTMLButtonElement) button.disabled = one.why !== "";
  }

  /** @param {HTMLButtonElement} button @param {Candidate} one */
  async function choose(button, one) {
    let { peserta_id } = one;
    if (one.add) {
      peserta_id = newId();
      const fields = { peserta_id, seat_id: one.seat_id, nama: one.add, jabatan: "", unsur: "", jenis_kelamin: "" };
      if (!(await desk.giveBy(button, "register_peserta", fields))) return;
    }
    if (await desk.giveBy(button, "call_responder", { turn_id: newId(), seat_id: one.seat_id, peserta_id, media: one.media })) dialog.close();
  }

  const draw = () => {
    if (!dialog.open) return;
    const found = candidates(desk, search.value.trim());
    rows.show(found.slice(0, MOST_SHOWN));
    const none = byId("reply-none", HTMLElement);
    show(none, found.length === 0);
    write(none, t("Tidak ada yang cocok."));
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const first = list.querySelector("li:not([data-gone]) button:not([disabled])");
    if (first instanceof HTMLElement) first.click();
  });
  desk.onDraw(draw);
  return () => {
    search.value = "";
    dialog.showModal();
    search.focus();
    draw();
  };
}

/**
 * Everybody who might answer, by what was typed: the Aula's people, then guests, then offices; those who can
 * answer now first.
 * @param {Console} desk
 * @param {string} typed
 * @returns {Candidate[]}
 */
function candidates(desk, typed) {
  /** @type {Seat[]} */
  const seats = desk.list("seats");
  /** @type {Peserta[]} */
  const people = desk.list("peserta");
  const hall = seats.find((seat) => seat.kind === "aula");
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (/** @type {string} */ text) => words.every((word) => text.toLowerCase().includes(word));
  const atHall = people.flatMap((person) => {
    if (!hall || person.seat_id !== hall.seat_id) return [];
    const why = person.sanksi === "larang_bicara" || person.sanksi === "keluarkan" ? t("Dilarang bicara") : "";
    return [{ seat_id: hall.seat_id, peserta_id: person.peserta_id, name: person.nama, about: [person.jabatan, t("di Aula")].filter(Boolean).join(" · "), why, media: "hadir_di_aula", rank: 0 }];
  });
  const byCall = seats.flatMap((seat) => {
    if (seat.kind === "aula" || seat.seat_id === desk.turn?.seat_id) return [];
    return [{ seat_id: seat.seat_id, peserta_id: null, name: seat.label, about: seatWord(seat.kind), why: obstacle(seat), media: "panggilan", rank: seat.kind === "tamu" ? 1 : 2 }];
  });
  /** @type {Candidate[]} */
  const found = [...atHall, ...byCall].filter((one) => fits(`${one.name} ${one.about}`));
  found.sort((a, b) => Number(a.why !== "") - Number(b.why !== "") || a.rank - b.rank || a.name.localeCompare(b.name, "id"));
  const known = atHall.some((one) => one.name.toLowerCase() === typed.toLowerCase());
  if (hall && typed && !known && desk.boot.role === "operator") {
    found.push({ seat_id: hall.seat_id, peserta_id: null, name: t("Tambahkan {nama} di Aula", { nama: typed }), about: t("Belum terdaftar"), why: "", media: "hadir_di_aula", rank: 3, add: typed });
  }
  return found;
}

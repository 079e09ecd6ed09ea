/**
 * The named people behind the office: who they are, and the form that adds one. Used at the door and in the room.
 */
import { announce, el, icon, refill } from "../dom.js";
import { newId, Refusal } from "../protocol.js";
import { t } from "../t.js";
import { aboutWord, offerSex, offerUnsur } from "../unsur.js";
import { sanctionWord } from "../words.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../room/shapes.js").Peserta} Peserta */

/** Ready-made jabatan, so that nobody types them on a phone. */
export const JABATAN = () => [
  t("Kepala Desa"), t("Lurah"), t("Sekretaris Desa"), t("Ketua BPD"), t("Kepala Dusun"), t("Ketua RT"), t("Ketua RW"),
  t("Ketua TP PKK"), t("Ketua Karang Taruna"), t("Tokoh masyarakat"), t("Pendamping Desa"),
];

/** @param {Wire} wire @param {string} seat @returns {Peserta[]} */
export function ownPeople(wire, seat) {
  return (wire.get("peserta") ?? []).filter((/** @type {Peserta} */ p) => p.seat_id === seat);
}

/** Fills every list of people and every `data-peserta` form of the page. @param {Wire} wire @param {string} seat */
export function people(wire, seat) {
  const lists = ["pintu-peserta", "peserta"].map((id) => /** @type {HTMLElement} */ (document.getElementById(id)));
  /** Who was under which sanction when it was last shown. @type {Map<string, string>} */
  const before = new Map();
  wire.subscribe("peserta", () => {
    const all = ownPeople(wire, seat);
    for (const p of all) {
      const now = p.sanksi ?? "";
      if (before.has(p.peserta_id) && before.get(p.peserta_id) !== now) announce(now ? sanctionWords(p) : t("{nama} boleh bicara lagi.", { nama: p.nama }));
      before.set(p.peserta_id, now);
    }
    for (const list of lists) {
      refill(list, ...(all.length ? all.map(row) : [el("li", { class: "soft" }, t("Belum ada yang dicatat."))]));
    }
  });
  document.querySelectorAll("form[data-peserta]").forEach((form, i) => addForm(wire, seat, /** @type {HTMLFormElement} */ (form), i));
}

/** Whether the chair lets this person speak. @param {Peserta} p */
export const maySpeak = (p) => p.sanksi !== "larang_bicara" && p.sanksi !== "keluarkan";

/** Shown to the person's own office only. @param {Peserta} p */
function sanctionWords(p) {
  switch (p.sanksi) {
    case "peringatan": return t("{nama} mendapat peringatan dari pimpinan.", { nama: p.nama });
    case "larang_bicara": return t("{nama} tidak diperkenankan bicara. Peserta lain di ruang ini tetap boleh.", { nama: p.nama });
    case "keluarkan": return t("{nama} diminta meninggalkan rapat. Peserta lain di ruang ini tetap boleh bicara.", { nama: p.nama });
    default: return "";
  }
}

/** @param {Peserta} p */
function row(p) {
  return el("li", { "data-testid": "person" }, icon("people"), el("span", { class: "list-main" },
    el("strong", null, p.nama), p.jabatan ? el("span", { class: "soft" }, " · ", p.jabatan) : null,
    aboutWord(p) ? el("span", { class: "soft small block" }, aboutWord(p)) : null,
    p.sanksi ? el("span", { class: "small block" }, sanctionWords(p)) : null),
  p.sanksi ? el("span", { class: `badge ${maySpeak(p) ? "badge-ready" : "badge-alarm"}`, "data-testid": "sanction" }, sanctionWord(p.sanksi)) : null);
}

/**
 * Two questions that may be passed over, folded away under one line.
 * @param {string} id
 */
export function aboutFields(id) {
  const sex = el("select", { class: "input", id: `${id}-lp`, "data-testid": `${id}-lp` });
  const unsur = el("select", { class: "input", id: `${id}-unsur`, "data-testid": `${id}-unsur` });
  const clear = () => {
    offerSex(sex);
    offerUnsur(unsur);
  };
  clear();
  return {
    more: el("details", { class: "more" }, el("summary", null, t("L/P dan unsur (boleh dilewati)")),
      el("p", { class: "soft small" }, t("Hanya untuk dihitung jumlahnya dalam daftar hadir.")),
      el("div", { class: "fields" },
        el("div", { class: "field" }, el("label", { for: `${id}-lp` }, t("Laki-laki atau perempuan")), sex),
        el("div", { class: "field" }, el("label", { for: `${id}-unsur` }, t("Mewakili unsur")), unsur))),
    said: () => ({ jenis_kelamin: sex.value, unsur: unsur.value }),
    clear,
  };
}

/** @param {Wire} wire @param {string} seat @param {HTMLFormElement} form @param {number} i */
function addForm(wire, seat, form, i) {
  const name = el("input", { class: "input", id: `nama-${i}`, maxlength: 120, autocomplete: "off", "aria-describedby": `nama-${i}-salah`, "data-testid": `person-name-${i}` });
  const jabatan = el("input", { class: "input", id: `jabatan-${i}`, maxlength: 120, autocomplete: "off", list: `jabatan-${i}-daftar`, "data-testid": `person-job-${i}` });
  const wrong = el("p", { class: "error", id: `nama-${i}-salah` });
  const about = aboutFields(`tentang-${i}`);
  const send = el("button", { class: "button", "data-testid": `person-add-${i}` }, icon("plus"), t("Tambah"));
  form.append(
    el("div", { class: "fields" },
      el("div", { class: "field" }, el("label", { for: `nama-${i}` }, t("Nama")), name, wrong),
      el("div", { class: "field" }, el("label", { for: `jabatan-${i}` }, t("Jabatan")), jabatan,
        el("datalist", { id: `jabatan-${i}-daftar` }, ...JABATAN().map((value) => el("option", { value }))))),
    about.more,
    el("div", null, send),
  );
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const nama = name.value.trim();
    name.setAttribute("aria-invalid", String(nama === ""));
    wrong.textContent = nama ? "" : t("Isi namanya dahulu.");
    if (!nama) return name.focus();
    send.disabled = true;
    try {
      await wire.command("register_peserta", { peserta_id: newId(), seat_id: seat, nama, jabatan: jabatan.value.trim(), ...about.said() });
      name.value = jabatan.value = "";
      about.clear();
      name.focus();
    } catch (why) {
      wrong.textContent = why instanceof Refusal ? why.message : t("Belum tersimpan; coba lagi.");
    } finally {
      send.disabled = false;
    }
  });
}

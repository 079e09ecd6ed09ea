/**
 * The named people behind the office: who they are, and the form that adds one. Used at the door and in the room.
 */
import { announce, el, icon, refill, show } from "../dom.js";
import { newId, Refusal } from "../protocol.js";
import { t } from "../t.js";
import { aboutWord, correction, offerHak, offerSex, offerUnsur } from "../person.js";
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
    lists.forEach((list, i) => {
      refill(list, ...(all.length ? all.map((p) => row(p, () => forms[i]?.correct(p))) : [el("li", { class: "soft" }, t("Belum ada yang dicatat."))]));
    });
  });
  const forms = [...document.querySelectorAll("form[data-peserta]")].map((form, i) => personForm(wire, seat, /** @type {HTMLFormElement} */ (form), /** @type {HTMLElement} */ (lists[i]), i));
}

/** Whether the chair lets this person speak. @param {Peserta} p */
export const maySpeak = (p) => p.sanksi !== "larang_bicara" && p.sanksi !== "keluarkan";

/** Whether this person may raise a hand: a peninjau speaks when asked to. @param {Peserta} p */
export const mayAsk = (p) => maySpeak(p) && p.hak !== "peninjau";

/** Shown to the person's own office only. @param {Peserta} p */
function sanctionWords(p) {
  switch (p.sanksi) {
    case "peringatan": return t("{nama} mendapat peringatan dari pimpinan.", { nama: p.nama });
    case "larang_bicara": return t("{nama} tidak diperkenankan bicara. Peserta lain di ruang ini tetap boleh.", { nama: p.nama });
    case "keluarkan": return t("{nama} diminta meninggalkan rapat. Peserta lain di ruang ini tetap boleh bicara.", { nama: p.nama });
    default: return "";
  }
}

/** @param {Peserta} p @param {() => void} correct */
function row(p, correct) {
  return el("li", { "data-testid": "person" }, icon("people"), el("span", { class: "list-main list-short" },
    el("strong", null, p.nama), p.jabatan ? el("span", { class: "soft" }, " · ", p.jabatan) : null,
    aboutWord(p) ? el("span", { class: "soft small block" }, aboutWord(p)) : null,
    p.sanksi ? el("span", { class: "small block" }, sanctionWords(p)) : null),
  p.sanksi ? el("span", { class: `badge ${maySpeak(p) ? "badge-ready" : "badge-alarm"}`, "data-testid": "sanction" }, sanctionWord(p.sanksi)) : null,
  el("button", { class: "button button-quiet", type: "button", "data-testid": "person-correct", "data-key": p.peserta_id, "aria-label": t("Ubah {nama}", { nama: p.nama }), onclick: correct }, t("Ubah")));
}

/**
 * Questions that may be passed over, folded away under one line.
 * @param {string} id
 * @param {boolean} rights whether what they may do is asked too: who is about to speak is no peninjau
 */
export function aboutFields(id, rights) {
  const choice = (/** @type {string} */ name) => el("select", { class: "input", id: `${id}-${name}`, "data-testid": `${id}-${name}` });
  const [sex, unsur, hak] = [choice("lp"), choice("unsur"), choice("hak")];
  const more = el("details", { class: "more" }, el("summary", null, rights ? t("L/P, unsur, dan hak (boleh dilewati)") : t("L/P dan unsur (boleh dilewati)")),
    el("p", { class: "soft small" }, rights ? t("Untuk daftar hadir. Peninjau tidak mengangkat tangan.") : t("Hanya untuk dihitung jumlahnya dalam daftar hadir.")),
    el("div", { class: "fields" },
      field(sex, t("Laki-laki atau perempuan")), field(unsur, t("Mewakili unsur")), rights ? field(hak, t("Hak dalam rapat")) : null));
  /** @param {Peserta} [p] whose answers are shown; nobody's: all as they were at first */
  const fill = (p) => {
    offerSex(sex, p?.jenis_kelamin);
    offerUnsur(unsur, p?.unsur);
    offerHak(hak, p?.hak);
    more.open = !!p && aboutWord(p) !== "";
  };
  fill();
  return { more, said: () => ({ jenis_kelamin: sex.value, unsur: unsur.value, hak: hak.value }), fill };
}

/** @param {HTMLElement} input @param {string} label */
const field = (input, label) => el("div", { class: "field" }, el("label", { for: input.id }, label), input);

/**
 * The form that puts somebody down, or corrects what was put down of them.
 * @param {Wire} wire @param {string} seat @param {HTMLFormElement} form @param {HTMLElement} list where they stand @param {number} i
 */
function personForm(wire, seat, form, list, i) {
  /** @type {Peserta | undefined} */
  let corrected;
  const name = el("input", { class: "input", id: `nama-${i}`, maxlength: 120, autocomplete: "off", "aria-describedby": `nama-${i}-salah`, "data-testid": `person-name-${i}` });
  const jabatan = el("input", { class: "input", id: `jabatan-${i}`, maxlength: 120, autocomplete: "off", list: `jabatan-${i}-daftar`, "data-testid": `person-job-${i}` });
  const wrong = el("p", { class: "error", id: `nama-${i}-salah` });
  const about = aboutFields(`tentang-${i}`, true);
  const title = el("p", { class: "strong", hidden: true });
  const send = el("button", { class: "button", "data-testid": `person-add-${i}` });
  const leave = el("button", { class: "button button-quiet", type: "button", "data-testid": `person-leave-${i}`, onclick: () => back() }, t("Batal"));
  /** @param {Peserta} [p] who is corrected; nobody: somebody new */
  const fill = (p) => {
    corrected = p;
    name.value = p?.nama ?? "";
    jabatan.value = p?.jabatan ?? "";
    about.fill(p);
    wrong.textContent = "";
    name.removeAttribute("aria-invalid");
    title.textContent = p ? t("Ubah data {nama}", { nama: p.nama }) : "";
    refill(send, p ? t("Simpan perubahan") : [icon("plus"), t("Tambah")]);
    for (const node of [title, leave]) show(node, !!p);
  };
  /** To where it began: the row of who was corrected, or the next name. */
  const back = () => {
    const row = corrected && list.querySelector(`[data-key="${CSS.escape(corrected.peserta_id)}"]`);
    fill();
    /** @type {HTMLElement} */ (row ?? name).focus();
  };
  fill();
  form.append(
    title,
    el("div", { class: "fields" },
      el("div", { class: "field" }, el("label", { for: `nama-${i}` }, t("Nama")), name, wrong),
      el("div", { class: "field" }, el("label", { for: `jabatan-${i}` }, t("Jabatan")), jabatan,
        el("datalist", { id: `jabatan-${i}-daftar` }, ...JABATAN().map((value) => el("option", { value }))))),
    about.more,
    el("div", { class: "row" }, send, leave),
  );
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const nama = name.value.trim();
    name.setAttribute("aria-invalid", String(nama === ""));
    wrong.textContent = nama ? "" : t("Isi namanya dahulu.");
    if (!nama) return name.focus();
    const mine = corrected;
    const typed = { nama, jabatan: jabatan.value.trim(), ...about.said() };
    const stands = mine && ownPeople(wire, seat).find((p) => p.peserta_id === mine.peserta_id);
    send.disabled = leave.disabled = true;
    try {
      await wire.command("register_peserta", { peserta_id: mine?.peserta_id ?? newId(), seat_id: seat, ...(mine && stands ? correction(typed, mine, stands) : typed) });
      announce(t("{nama} tercatat.", { nama }));
      // Somebody else may be in the form by now.
      if (corrected === mine) back();
    } catch (why) {
      const words = why instanceof Refusal ? why.message : t("Belum tersimpan; coba lagi.");
      wrong.textContent = corrected === mine ? words : `${nama}: ${words}`;
    } finally {
      send.disabled = leave.disabled = false;
    }
  });
  return {
    /** @param {Peserta} p */
    correct(p) {
      fill(p);
      name.focus();
    },
  };
}

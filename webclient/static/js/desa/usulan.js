/**
 * What was noted about this office, with a button that says "yes, this is ours"; and the office's own usulan.
 *
 * The form's words are kept in this browser until the server has acknowledged them.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { newId } from "../protocol.js";
import { api, ApiRefusal } from "../room/api.js";
import { tahapWords } from "../room/words.js";
import { t } from "../t.js";
import { noteWord } from "../words.js";
import { disputing } from "./dispute.js";
import { ownPeople } from "./people.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {{ id: string, jenis: string, ucapan: string, judul: string, tahap: string, putusan: string,
 *   perkiraan_biaya: number | null, pengusul_nama: string, version: number }} Catatan */
/** @typedef {{ name: string, label: string, kind?: "text" | "long" | "number" | "choice", hint?: string,
 *   choices?: [string, string][], wide?: boolean }} Field */

const rupiah = new Intl.NumberFormat("id-ID", { style: "currency", currency: "IDR", maximumFractionDigits: 0 });

/** @param {Wire} wire @param {string} base @param {string} seat */
export function usulan(wire, base, seat) {
  const list = byId("catatan", HTMLElement);
  const disputes = disputing(base, () => fetchAll());
  const fetchAll = async () => {
    try {
      const all = await api(`${base}api/catatan`);
      refill(list, ...(all.items.length ? all.items.map((/** @type {Catatan} */ c) => card(c, confirm, disputes)) : [el("li", { class: "empty" }, t("Belum ada catatan untuk ruang ini."))]));
    } catch (why) {
      refill(list, el("li", { class: "notice notice-warn" }, why instanceof ApiRefusal ? why.message : String(why)));
    }
  };
  /** @param {Catatan} c */
  const confirm = async (c) => {
    await api(`${base}api/catatan/${c.id}/konfirmasi`, { method: "POST" });
    announce(t("Usulan dikonfirmasi."));
    await fetchAll();
  };
  wire.on("catatan", () => void fetchAll());
  wire.on("welcome", () => void fetchAll());
  void fetchAll();
  prepareForm(wire, base, seat, fetchAll);
}

/** @param {Catatan} c @param {(c: Catatan) => Promise<void>} confirm @param {import("./dispute.js").Disputes} disputes */
function card(c, confirm, disputes) {
  const said = disputes.said.get(c.id);
  const waits = c.jenis === "usulan" && c.tahap === "catatan_langsung";
  const wrong = el("p", { class: "error" });
  return el("li", { class: "note stack-tight", "data-jenis": c.jenis, "data-testid": "note" },
    el("div", { class: "row-between" }, el("span", { class: "eyebrow" }, noteWord(c.jenis)),
      c.jenis === "usulan" ? el("span", { class: `badge ${waits ? "badge-ready" : "badge-good"}` }, tahapWords(c.tahap, c.putusan)) : null),
    el("strong", null, c.judul || c.ucapan),
    c.judul && c.ucapan && c.ucapan !== c.judul ? el("p", { class: "soft" }, `“${c.ucapan}”`) : null,
    c.perkiraan_biaya ? el("p", { class: "small" }, rupiah.format(c.perkiraan_biaya)) : null,
    said ? el("p", { class: "soft small", "data-testid": "disputed" }, t("Sudah disampaikan kepada notulis: {isi}", { isi: said })) : null,
    el("div", { class: "row" }, waits ? el("button", {
      class: "button button-primary", type: "button", "data-key": `benar ${c.id}`, "data-testid": "confirm",
      onclick: async (/** @type {Event} */ e) => {
        const button = /** @type {HTMLButtonElement} */ (e.currentTarget);
        button.disabled = true;
        await confirm(c).catch((why) => {
          wrong.textContent = why.message;
          button.disabled = false;
        });
      },
    }, t("Benar, ini usulan kami")) : null,
    el("button", { class: "button button-quiet", type: "button", "data-key": `keliru ${c.id}`, "data-testid": "dispute", onclick: () => disputes.ask(c.id, c.judul || c.ucapan) }, t("Ada yang keliru"))),
    wrong);
}

/** @returns {Field[]} */
function fields() {
  return [
    { name: "judul", label: t("Apa yang diusulkan?"), hint: t("Contoh: pembangunan jembatan gantung Dusun Krajan"), wide: true },
    { name: "masalah", label: t("Masalahnya"), kind: "long", wide: true },
    { name: "gagasan", label: t("Gagasan penyelesaiannya"), kind: "long", wide: true },
    { name: "bidang", label: t("Bidang"), kind: "choice", wide: true, choices: [
      ["", t("Belum tahu")], ["1", t("Penyelenggaraan pemerintahan")], ["2", t("Pelaksanaan pembangunan")],
      ["3", t("Pembinaan kemasyarakatan")], ["4", t("Pemberdayaan masyarakat")], ["5", t("Bencana, darurat, dan mendesak")]] },
    { name: "dusun", label: t("Dusun / RT / RW") },
    { name: "alamat", label: t("Alamat") },
    { name: "volume", label: t("Volume"), hint: t("Contoh: 120 atau 12,5") },
    { name: "satuan", label: t("Satuan"), hint: t("Contoh: meter, unit") },
    { name: "perkiraan_biaya", label: t("Perkiraan biaya (Rp)"), kind: "number" },
    { name: "jumlah_terdampak", label: t("Warga yang terbantu"), kind: "number" },
    { name: "pengusul_nama", label: t("Nama pengusul") },
    { name: "pengusul_jabatan", label: t("Jabatan pengusul") },
  ];
}

/** @param {Wire} wire @param {string} base @param {string} seat @param {() => Promise<void>} done */
function prepareForm(wire, base, seat, done) {
  const dialog = byId("tulis-dialog", HTMLDialogElement);
  const form = byId("tulis-form", HTMLFormElement);
  const key = `rembug:usulan:${base}`;
  const all = fields();
  const refused = el("p", { class: "notice notice-alarm", hidden: true });
  const send = el("button", { class: "button button-primary", "data-testid": "write-send" }, t("Simpan usulan"));
  form.append(
    el("h2", { id: "tulis-kepala" }, t("Tulis usulan")),
    el("div", { class: "fields" }, ...all.map(control)),
    refused,
    el("div", { class: "row" }, send, el("button", { class: "button", type: "button", "data-close": true }, t("Tutup"))),
  );
  const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  // Id and instant are kept with the words: sent twice over a bad line, they are one usulan.
  let id = newId();
  let openedAt = 0;
  const keep = () => localStorage.setItem(key, JSON.stringify({
    id, openedAt, words: Object.fromEntries(all.map((f) => [f.name, value(f.name).value])),
  }));
  form.addEventListener("input", keep);
  byId("tulis", HTMLButtonElement).addEventListener("click", () => {
    const kept = JSON.parse(localStorage.getItem(key) ?? "null") ?? { id: newId(), openedAt: Math.round(wire.serverNow()), words: {} };
    ({ id, openedAt } = kept);
    const first = ownPeople(wire, seat)[0];
    for (const f of all) value(f.name).value = kept.words[f.name] ?? "";
    if (!value("pengusul_nama").value && first) {
      value("pengusul_nama").value = first.nama;
      value("pengusul_jabatan").value = first.jabatan;
    }
    complain(form, all, {});
    show(refused, false);
    dialog.showModal();
  });
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const wrong = value("judul").value.trim() ? {} : { judul: t("Tulis dahulu apa yang diusulkan.") };
    complain(form, all, wrong);
    if (Object.keys(wrong).length) return;
    send.disabled = true;
    show(refused, false);
    try {
      await api(`${base}api/catatan`, { method: "POST", body: { id, ...body(wire, seat, openedAt, all, value) } });
      localStorage.removeItem(key);
      // Who writes it says that it is theirs; if this one step fails, the card asks for it.
      await api(`${base}api/catatan/${id}/konfirmasi`, { method: "POST" }).catch(() => {});
      dialog.close();
      announce(t("Usulan tersimpan."));
      await done();
    } catch (why) {
      if (!(why instanceof ApiRefusal)) throw why;
      // An earlier try did arrive, with other words; sent once more, this is a usulan of its own.
      if (why.status === 409) id = newId();
      complain(form, all, why.fields);
      refused.textContent = why.message;
      show(refused, true);
      announce(why.message);
    } finally {
      send.disabled = false;
    }
  });
}

/** @param {Wire} wire @param {string} seat @param {number} openedAt @param {Field[]} all
 *  @param {(name: string) => HTMLInputElement} value */
function body(wire, seat, openedAt, all, value) {
  const place = wire.get("seats")?.find((/** @type {import("../room/shapes.js").Seat} */ s) => s.seat_id === seat);
  /** @type {Record<string, unknown>} */
  const note = {
    jenis: "usulan", kanal: "formulir", kode_wilayah: place?.kode_wilayah ?? "",
    instant: { spoken_at: openedAt, seat_id: seat, turn_id: null },
  };
  for (const f of all) {
    const text = value(f.name).value.trim();
    if (f.kind === "number") {
      const digits = text.replace(/[^\d]/g, "");
      note[f.name] = digits ? Number(digits) : null;
    } else if (f.name === "volume") note[f.name] = text || null;
    else note[f.name] = text;
  }
  return note;
}

/** @param {Field} f */
function control(f) {
  const id = `tulis-${f.name}`;
  const common = { class: "input", id, name: f.name, "aria-describedby": `${id}-salah`, "data-testid": `write-${f.name}` };
  const input = f.kind === "long" ? el("textarea", { ...common, rows: 3, maxlength: 4000 })
    : f.kind === "choice" ? el("select", common, ...(f.choices ?? []).map(([v, words]) => el("option", { value: v }, words)))
    : el("input", { ...common, maxlength: 200, autocomplete: "off", inputmode: f.kind === "number" ? "numeric" : null, placeholder: f.hint });
  return el("div", { class: f.wide ? "field field-wide" : "field" }, el("label", { for: id }, f.label), input, el("p", { class: "error", id: `${id}-salah` }));
}

/** Says what is wrong beside each field, and goes to the first. @param {HTMLFormElement} form @param {Field[]} all
 *  @param {Record<string, string>} wrong */
function complain(form, all, wrong) {
  let first = true;
  for (const f of all) {
    const input = /** @type {HTMLInputElement} */ (form.elements.namedItem(f.name));
    const words = wrong[f.name] ?? (f.name === "judul" ? wrong["ucapan"] : "") ?? "";
    byId(`tulis-${f.name}-salah`, HTMLElement).textContent = words;
    input.setAttribute("aria-invalid", String(words !== ""));
    if (words && first) {
      input.focus();
      first = false;
    }
  }
}

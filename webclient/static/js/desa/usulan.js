/**
 * What was noted about this office, with a button that says "yes, this is ours"; and the office's own usulan, of
 * which those that the server does not have yet stand first.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { Fetching } from "../fetching.js";
import { photoList } from "../photo_field.js";
import { Photos } from "../photos.js";
import { newId } from "../protocol.js";
import { api, ApiRefusal } from "../room/api.js";
import { ask } from "../room/ask.js";
import { tahapWords } from "../room/words.js";
import { t } from "../t.js";
import { noteWord } from "../words.js";
import { disputing } from "./dispute.js";
import { Outbox } from "./outbox.js";
import { UsulanForm } from "./usulan_form.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../desk/api.js").Catatan} Catatan */
/** @typedef {import("./outbox.js").Own} Own */
/** @typedef {{ base: string, confirm: (c: Catatan) => Promise<void>, say: (c: Catatan) => Promise<void>, turn: () => string | null, form: UsulanForm, photos: Photos, disputes: import("./dispute.js").Disputes }} Ways */

const rupiah = new Intl.NumberFormat("id-ID", { style: "currency", currency: "IDR", maximumFractionDigits: 0 });
/** Every office of the hall is told in the same instant that notes changed. */
const SPREAD_MS = 1_000;
/** A line that just hangs holds no later fetch for good. */
const PATIENCE_MS = 30_000;
/** Until it is submitted an office may change what it asks for. */
const CHANGEABLE = new Set(["catatan_langsung", "draf"]);

/** @param {Wire} wire @param {string} base @param {string} seat */
export function usulan(wire, base, seat) {
  const list = byId("catatan", HTMLElement);
  const photos = new Photos(base);
  const outbox = new Outbox(base);
  const form = new UsulanForm(wire, seat, outbox, photos);
  /** @type {Catatan[]} */
  let notes = [];
  /** Why the list could not be fetched. */
  let missing = "";
  let known = false;
  let asked = 0;
  /** Which of them is shown: an older one may come later, or break off. */
  let shown = 0;
  const all = new Fetching(async () => {
    const mine = ++asked;
    try {
      const { items } = await api(`${base}api/v1/catatan?batas=2000`, { signal: AbortSignal.timeout(PATIENCE_MS) });
      if (mine < shown) return;
      shown = mine;
      notes = items;
      known = true;
      missing = "";
    } catch (why) {
      if (mine !== asked) return;
      missing = why instanceof ApiRefusal ? why.message : t("Belum berhasil; coba lagi sebentar.");
    }
    draw();
  }, { spread_ms: SPREAD_MS });
  const disputes = disputing(base, () => all.now());
  /** One mention a turn, however often it is pressed. @type {Map<string, string>} */
  const mentions = new Map();
  const turn = () => {
    const now = wire.get("turn");
    return now?.seat_id === seat ? now.turn_id : null;
  };
  /** @type {Ways} */
  const ways = {
    base, form, photos, disputes, turn,
    say: async (c) => {
      const key = `${c.id} ${turn()}`;
      const id = mentions.get(key) ?? newId();
      mentions.set(key, id);
      await api(`${base}api/v1/catatan/${c.id}/penyebutan`, { method: "POST", body: { id, spoken_at: Math.round(wire.serverNow()), turn_id: turn(), spoken: true } });
      announce(t("Ditautkan ke giliran ini."));
      await all.now();
    },
    confirm: async (c) => {
      await api(`${base}api/v1/catatan/${c.id}/konfirmasi`, { method: "POST" });
      announce(t("Usulan dikonfirmasi."));
      await all.now();
    },
  };
  const draw = () => {
    const own = outbox.list();
    const waiting = new Set(own.map((one) => one.id));
    const wanting = own.filter((one) => one.state === "salah" || one.state === "beda").length;
    byId("usulan-perlu-n", HTMLElement).textContent = String(wanting);
    show(byId("usulan-perlu", HTMLElement), wanting > 0);
    const cards = [...own.map((one) => ownCard(one, ways, outbox)), ...notes.filter((c) => !waiting.has(c.id)).map((c) => card(c, ways))];
    if (missing) cards.unshift(el("li", { class: "notice notice-warn" }, missing));
    refill(list, cards.length || !known ? cards : el("li", { class: "empty" }, t("Belum ada catatan untuk ruang ini.")));
  };
  outbox.follow(draw, (note) => {
    notes = [note, ...notes.filter((one) => one.id !== note.id)];
    void photos.release(note.id);
    void all.now();
  }, (one) => form.refused(one));
  let waited = 0;
  photos.onChange(() => {
    const now = notes.reduce((sum, c) => sum + photos.of(c.id).length, 0);
    if (now < waited) void all.now();
    waited = now;
    draw();
  });
  const again = () => {
    void all.afresh();
    outbox.retry();
    photos.retry();
  };
  wire.on("catatan", () => all.soon());
  wire.on("welcome", again);
  wire.subscribe("turn", () => draw());
  addEventListener("online", again);
  byId("tulis", HTMLButtonElement).addEventListener("click", () => form.write());
  void all.now();
  void Promise.all([outbox.load(), photos.load()]).then(() => photos.releaseAllBut(new Set(outbox.list().map((one) => one.id))));
}

/** @param {Catatan} c @param {Ways} ways */
function card(c, { base, confirm, say, turn, form, photos, disputes }) {
  const saidNow = c.jenis === "usulan" && c.putusan !== "dibatalkan" && turn() !== null;
  const linked = c.penyebutan.some((mention) => mention.turn_id === turn());
  const said = disputes.said.get(c.id);
  const ours = c.jenis === "usulan" && CHANGEABLE.has(c.tahap);
  const waits = ours && c.tahap === "catatan_langsung";
  const wrong = el("p", { class: "error" });
  const pictures = photoList(photos, c.id, c.foto);
  return el("li", { class: "note stack-tight", "data-jenis": c.jenis, "data-testid": "note" },
    el("div", { class: "row-between" }, el("span", { class: "eyebrow" }, noteWord(c.jenis)),
      c.jenis === "usulan" ? el("span", { class: `badge ${waits ? "badge-ready" : "badge-good"}` }, tahapWords(c.tahap, c.putusan)) : null),
    el("strong", null, c.judul || c.ucapan),
    c.judul && c.ucapan && c.ucapan !== c.judul ? el("p", { class: "soft" }, `“${c.ucapan}”`) : null,
    c.perkiraan_biaya ? el("p", { class: "small" }, rupiah.format(c.perkiraan_biaya)) : null,
    pictures.length ? el("ul", { class: "photos" }, pictures) : null,
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
    saidNow && !linked ? el("button", { class: "button button-primary", type: "button", "data-key": `sebut ${c.id}`, "data-testid": "say", onclick: () => void say(c).catch((why) => {
      wrong.textContent = why.message;
    }) }, t("Sedang kami sampaikan")) : null,
    saidNow && linked ? el("span", { class: "badge badge-good", "data-testid": "said" }, t("Ditautkan ke giliran ini")) : null,
    ours ? el("button", { class: "button", type: "button", "data-key": `ubah ${c.id}`, "data-testid": "change", onclick: () => form.change(c) }, t("Lengkapi atau ubah")) : null,
    // The call goes on in this tab.
    c.jenis === "usulan" ? el("a", { class: "button button-quiet", href: `${base}usulan/${c.id}#berkas`, target: "_blank", rel: "noopener", "data-key": `berkas ${c.id}`, "data-testid": "to-files" }, t("Surat pengantar dan RAB"), c.lampiran.length ? ` (${c.lampiran.length})` : null) : null,
    el("button", { class: "button button-quiet", type: "button", "data-key": `keliru ${c.id}`, "data-testid": "dispute", onclick: () => disputes.ask(c.id, c.judul || c.ucapan) }, t("Ada yang keliru"))),
    wrong);
}

/** One that this device has and the server does not, or not so. @param {Own} one @param {Ways} ways @param {Outbox} outbox */
function ownCard(one, { form, photos }, outbox) {
  const badge = { draf: t("Belum dikirim"), kirim: t("Tersimpan di perangkat"), salah: t("Perlu diperbaiki"), beda: t("Ada dua isi") }[one.state];
  const words = {
    draf: "", kirim: t("Dikirim begitu tersambung lagi."), salah: one.message,
    beda: t("Yang tersimpan berbeda dengan yang Anda tulis. Bandingkan dahulu."),
  }[one.state];
  const pictures = photoList(photos, one.id, []);
  const discard = async () => {
    if (!(await ask(t("Buang yang Anda tulis di perangkat ini?"), t("Buang")))) return;
    await photos.dropAll(one.id);
    await outbox.drop(one.id);
  };
  const open = one.state === "beda" ? el("button", { class: "button button-primary", type: "button", "data-key": `buka ${one.id}`, "data-testid": "compare", onclick: () => void form.compare(one) }, t("Bandingkan"))
    : el("button", { class: "button", type: "button", "data-key": `buka ${one.id}`, "data-testid": "resume", onclick: () => form.open(one) }, t("Buka"));
  return el("li", { class: "note note-own stack-tight", "data-jenis": "usulan", "data-state": one.state, "data-testid": "own-note" },
    el("div", { class: "row-between" }, el("span", { class: "eyebrow" }, noteWord("usulan")), el("span", { class: `badge ${one.state === "salah" || one.state === "beda" ? "badge-alarm" : "badge-held"}`, "data-testid": "own-note-state" }, badge)),
    el("strong", null, one.words.judul || t("(tanpa judul)")),
    words ? el("p", { class: "soft small" }, words) : null,
    pictures.length ? el("ul", { class: "photos" }, pictures) : null,
    el("div", { class: "row" }, open, el("button", { class: "button button-quiet", type: "button", "data-key": `buang ${one.id}`, onclick: () => void discard() }, t("Buang"))));
}

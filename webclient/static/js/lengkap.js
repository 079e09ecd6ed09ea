/**
 * The part "Lengkapi" of every form of a usulan: what may wait until somebody knows it, folded away below what is
 * asked first. Its fields, what they offer, and the button that asks the device where it stands.
 */
import { el, show } from "./dom.js";
import { t } from "./t.js";

/** @typedef {{ name: string, words: string, kind: "text" | "choice" | "degrees", hint?: string, choices?: [string, string][], say?: (value: string) => string }} Field */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Input */

const PATIENCE_MS = 20_000;
const DIGITS = 6;

/** @returns {[string, string][]} codes and words, as `server/planning/pilihan.py` has them */
export const urgensi = () => [["biasa", t("Biasa")], ["mendesak", t("Mendesak")], ["sangat_mendesak", t("Sangat mendesak")]];

/** @returns {[string, string][]} */
export const statusLahan = () => [
  ["desa", t("Tanah desa atau kelurahan")], ["daerah", t("Milik pemerintah daerah")], ["hibah", t("Dihibahkan warga")], ["wakaf", t("Wakaf")],
  ["pribadi", t("Milik pribadi")], ["instansi_lain", t("Aset instansi lain")], ["sengketa", t("Dalam sengketa")]];

/** @returns {[string, string][]} */
export const pola = () => [["swakelola", t("Swakelola")], ["antar_desa", t("Kerja sama antardesa")], ["penyedia", t("Melalui penyedia")]];

/** @returns {Field[]} */
export function lengkap() {
  return [
    choice("urgensi", t("Urgensi"), urgensi()),
    choice("status_lahan", t("Status lahan"), statusLahan()),
    choice("pola", t("Pola pelaksanaan"), pola()),
    { name: "kontak", words: t("Kontak pengusul (tidak diumumkan)"), kind: "text", hint: t("Contoh: nomor telepon") },
    { name: "lat", words: t("Lintang"), kind: "degrees", hint: t("Contoh: -8,2192") },
    { name: "lng", words: t("Bujur"), kind: "degrees", hint: t("Contoh: 114,3691") },
  ];
}

/** @param {string} name @param {string} words @param {[string, string][]} known @returns {Field} */
function choice(name, words, known) {
  return { name, words, kind: "choice", choices: [["", t("Belum tahu")], ...known], say: (code) => known.find(([one]) => one === code)?.[1] ?? code };
}

const NAMES = new Set(["urgensi", "status_lahan", "pola", "kontak", "lat", "lng"]);

/** Whether a field stands in this part. @param {{ name: string }} field */
export const later = ({ name }) => NAMES.has(name);

/** `-8,2192` as people write it is a number; what is none is left for the server to refuse. @param {string} text @returns {number | string | null} */
export function degrees(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (plain === "") return null;
  return /^-?\d{1,3}(\.\d+)?$/.test(plain) ? Number(plain) : text;
}

/**
 * The folded part. It opens by itself where something stands in it or is wrong in it: see `unfold`.
 * @param {HTMLElement[]} controls one per field
 * @param {string} grid class of what lays them out
 */
export function part(controls, grid) {
  return el("details", { class: "more lengkap", "data-testid": "lengkapi" },
    el("summary", null, t("Lengkapi: urgensi, lahan, pelaksanaan, lokasi, kontak")),
    el("div", { class: grid }, controls, location()));
}

/** @param {HTMLElement} form */
export function unfold(form) {
  const details = form.querySelector("details.lengkap");
  if (!(details instanceof HTMLDetailsElement)) return;
  const inputs = /** @type {Input[]} */ ([...details.querySelectorAll("input, select")]);
  details.open ||= inputs.some((one) => one.value !== "" || one.getAttribute("aria-invalid") === "true");
}

/** The button and what it says; it fills in the two inputs beside it. A browser that knows no place has none. */
function location() {
  const said = el("p", { class: "soft small", role: "status", "data-testid": "lokasi-kata" });
  const button = el("button", { class: "button", type: "button", "data-testid": "ambil-lokasi", onclick: () => void ask() }, t("Ambil lokasi"));
  const whole = el("div", { class: "field field-wide wide" }, el("div", { class: "row" }, button), said);
  show(whole, "geolocation" in navigator && window.isSecureContext);
  const ask = async () => {
    button.disabled = true;
    said.textContent = t("Mencari lokasi perangkat ini…");
    said.textContent = await here(whole).finally(() => {
      button.disabled = false;
    });
  };
  return whole;
}

/** @param {HTMLElement} beside @returns {Promise<string>} what became of it, in words */
function here(beside) {
  return new Promise((resolve) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        put(beside, "lat", coords.latitude);
        put(beside, "lng", coords.longitude);
        resolve(t("Lokasi terisi, dengan ketelitian sekitar {meter} meter.", { meter: Math.max(1, Math.round(coords.accuracy)) }));
      },
      (why) => resolve(why.code === why.PERMISSION_DENIED
        ? t("Izin lokasi ditolak di peramban ini. Izinkan lewat gambar gembok di samping alamat halaman, atau ketik lintang dan bujurnya.")
        : t("Lokasi tidak ditemukan. Coba lagi di tempat terbuka, atau ketik lintang dan bujurnya.")),
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 60_000 },
    );
  });
}

/** @param {HTMLElement} beside @param {string} name @param {number} value */
function put(beside, name, value) {
  const input = beside.parentElement?.querySelector(`[name="${name}"], [data-field="${name}"]`);
  if (!(input instanceof HTMLInputElement)) return;
  input.value = value.toFixed(DIGITS).replace(".", ",");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

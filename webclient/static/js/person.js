/**
 * The optional questions about a person: laki-laki or perempuan, the part of society that they speak for, and what
 * they may do in the meeting. The same words and the same order on every form.
 */
import { t } from "./t.js";
import { unsurWord } from "./words.js";

const UNSUR = [
  "tokoh_adat", "tokoh_agama", "tokoh_masyarakat", "tokoh_pendidik", "tani", "nelayan", "perajin", "perempuan",
  "pemerhati_anak", "masyarakat_miskin", "difabel",
];

/** @returns {[string, string][]} code and word, in the order of every form */
export const unsurCodes = () => UNSUR.map((code) => [code, capital(unsurWord(code))]);

/** @param {string} code */
export function sexWord(code) {
  return { L: t("Laki-laki"), P: t("Perempuan") }[code] ?? "";
}

/** @param {HTMLSelectElement} select @param {string} [chosen] */
export function offerSex(select, chosen = "") {
  offer(select, ["L", "P"].map((code) => [code, sexWord(code)]), chosen);
}

/** @returns {[string, string][]} code and word */
export const hakCodes = () => [["suara", t("Hak suara dan hak bicara")], ["bicara", t("Hak bicara saja")], ["peninjau", t("Peninjau")]];

/** @param {string} code */
export const hakWord = (code) => hakCodes().find(([known]) => known === code)?.[1] ?? "";

/** @param {HTMLSelectElement} select @param {string} [chosen] */
export function offerHak(select, chosen = "") {
  offer(select, hakCodes(), chosen);
}

/** @param {HTMLSelectElement} select @param {string} [chosen] */
export function offerUnsur(select, chosen = "") {
  offer(select, unsurCodes(), chosen);
}

/** @param {HTMLSelectElement} select @param {string[][]} choices @param {string} chosen */
function offer(select, choices, chosen) {
  select.replaceChildren(new Option(t("Tidak disebut"), ""), ...choices.map(([code, words]) => new Option(words, code)));
  select.value = chosen;
}

/** @param {string} words */
const capital = (words) => words.charAt(0).toUpperCase() + words.slice(1);

/**
 * All in words, for a row: `Perempuan · unsur tani · Peninjau`; empty when nothing was said.
 * @param {{ jenis_kelamin: string, unsur: string, hak: string }} person
 */
export function aboutWord(person) {
  const unsur = unsurWord(person.unsur);
  return [sexWord(person.jenis_kelamin), unsur && t("unsur {unsur}", { unsur }), hakWord(person.hak)].filter(Boolean).join(" · ");
}

/** @typedef {{ nama: string, jabatan: string, unsur: string, jenis_kelamin: string, hak: string }} About */

/**
 * What a form says, put onto the record as it stands now: what was not touched stays as others may have left it
 * meanwhile.
 * @param {About} typed
 * @param {About} shown what stood in the form at first
 * @param {About} stands
 * @returns {About}
 */
export function correction(typed, shown, stands) {
  const names = /** @type {(keyof About)[]} */ (Object.keys(typed));
  return /** @type {About} */ (Object.fromEntries(names.map((name) => [name, typed[name] === shown[name] ? stands[name] : typed[name]])));
}

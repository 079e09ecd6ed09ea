/**
 * The two optional questions about a person, for counting only: laki-laki or perempuan, and the part of society
 * that they speak for. The same words and the same order on every form.
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
 * Both in words, for a row: `Perempuan · unsur tani`; empty when nothing was said.
 * @param {{ jenis_kelamin: string, unsur: string }} person
 */
export function aboutWord(person) {
  const unsur = unsurWord(person.unsur);
  return [sexWord(person.jenis_kelamin), unsur && t("unsur {unsur}", { unsur })].filter(Boolean).join(" · ");
}

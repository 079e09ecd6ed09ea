/**
 * Attendance, quorum and fairness at a glance: counts only, never a name. The whole report has a page of its own.
 */
import { byId, el, refill } from "../dom.js";
import { hakWord } from "../person.js";
import { t } from "../t.js";
import { lengthWord, unsurWord } from "../words.js";

/** @typedef {import("./console.js").Console} Console */
/** @typedef {{label: string, invited: number, present: number, attended: number, peserta: number}} Kecamatan */
/** @typedef {{invited: number, present: number, attended: number, peserta: number, kecamatan: Kecamatan[], unsur: {unsur: string, count: number}[], jenis_kelamin: {jenis_kelamin: string, count: number}[], hak: {hak: string, count: number}[]}} Attendance */
/** @typedef {{turns: number, spoken_ms: number, hands: number, unserved: number, waiting_since: number | null, waits: {count: number, median_ms: number, p90_ms: number, longest_ms: number}, suggested: number, overrides: number, heard: {kecamatan: number, desa: number}, jenis_kelamin: {jenis_kelamin: string, turns: number, spoken_ms: number}[]}} Fairness */

/** Draws the panel from now on. @param {Console} desk */
export function bindPresent(desk) {
  const panel = byId("panel-present", HTMLElement);
  let shown = "";
  desk.onDraw(() => {
    /** @type {Attendance | undefined} */
    const attendance = desk.wire.get("attendance");
    /** @type {Fairness | undefined} */
    const fairness = desk.wire.get("fairness");
    const quorum = desk.session?.quorum;
    // Drawn anew only when a figure differs, so that what one reads does not jump back to the top.
    const now = JSON.stringify([attendance, fairness, quorum]);
    if (now === shown) return;
    shown = now;
    refill(panel, quorum ? quorumPart(quorum) : null, attendance ? attendancePart(attendance) : null, fairness ? fairnessPart(desk, fairness) : null);
  });
}

/** @param {import("./sections.js").Quorum} quorum */
function quorumPart(quorum) {
  const words = quorum.needed ? t("{hadir} dari {undangan} kantor tersambung; kuorum {perlu}", { hadir: quorum.present, undangan: quorum.invited, perlu: quorum.needed }) : t("{hadir} dari {undangan} kantor tersambung", { hadir: quorum.present, undangan: quorum.invited });
  return el(
    "section",
    { class: "glance", "data-testid": "kuorum" },
    el("div", { class: "row-between" }, el("h3", null, t("Kehadiran")), quorum.needed ? el("span", { class: `badge ${quorum.met ? "badge-good" : "badge-ready"}` }, quorum.met ? t("Kuorum tercapai") : t("Belum kuorum")) : null),
    el("p", null, words),
    bar(quorum.present, quorum.invited, quorum.needed),
  );
}

/**
 * @param {number} part
 * @param {number} whole
 * @param {number} [mark] where a line stands
 */
function bar(part, whole, mark = 0) {
  const fill = el("span", { class: "glance-fill" });
  fill.style.width = `${whole ? Math.min(100, (100 * part) / whole) : 0}%`;
  const line = mark ? el("span", { class: "glance-mark" }) : null;
  if (line) line.style.left = `${whole ? (100 * mark) / whole : 0}%`;
  return el("div", { class: "glance-bar", "aria-hidden": "true" }, fill, line);
}

/** @param {Attendance} attendance */
function attendancePart(attendance) {
  const number = (/** @type {string} */ code) => attendance.jenis_kelamin.find((one) => one.jenis_kelamin === code)?.count ?? 0;
  const [l, p] = [number("L"), number("P")];
  const unsaid = attendance.peserta - l - p;
  const unsur = attendance.unsur.filter((one) => one.unsur && one.count);
  const hak = attendance.hak.filter((one) => one.hak && one.count);
  return el(
    "section",
    { class: "glance" },
    el("p", null, t("{jumlah} orang terdaftar hadir: {l} laki-laki, {p} perempuan", { jumlah: attendance.peserta, l, p }), unsaid ? el("span", { class: "soft" }, t(", {jumlah} tidak disebut", { jumlah: unsaid })) : null),
    unsur.length ? el("p", { class: "soft small" }, unsur.map((one) => `${unsurWord(one.unsur)} ${one.count}`).join(" · ")) : null,
    hak.length ? el("p", { class: "soft small" }, hak.map((one) => `${hakWord(one.hak)} ${one.count}`).join(" · ")) : null,
    table(
      [t("Kecamatan"), t("Tersambung"), t("Orang")],
      attendance.kecamatan.filter((one) => one.invited > 0).map((one) => [one.label, `${one.present}/${one.invited}`, String(one.peserta)]),
    ),
  );
}

/** @param {Console} desk @param {Fairness} fairness */
function fairnessPart(desk, fairness) {
  const { waits, heard } = fairness;
  const rows = [
    [t("Giliran, waktu bicara"), `${fairness.turns}, ${lengthWord(fairness.spoken_ms)}`],
    ...["L", "P"].flatMap((code) => {
      const one = fairness.jenis_kelamin.find((row) => row.jenis_kelamin === code);
      return one ? [[code === "L" ? t("Laki-laki") : t("Perempuan"), `${one.turns}, ${lengthWord(one.spoken_ms)}`]] : [];
    }),
    [t("Sudah terdengar"), t("{desa} desa, {kecamatan} kecamatan", { desa: heard.desa, kecamatan: heard.kecamatan })],
    ...(waits.count ? [[t("Menunggu: tengah, terlama"), `${lengthWord(waits.median_ms)}, ${lengthWord(waits.longest_ms)}`]] : []),
    [t("Di luar urutan"), t("{jumlah} dari {semua}", { jumlah: fairness.overrides, semua: fairness.suggested })],
    [t("Tangan, tidak sempat bicara"), `${fairness.hands}, ${fairness.unserved}`],
  ];
  return el(
    "section",
    { class: "glance", "data-testid": "pemerataan" },
    el("h3", null, t("Pemerataan")),
    table([], rows),
    el("a", { class: "button button-wide chair-only", href: `${desk.boot.base}keadilan`, target: "_blank", rel: "noopener", "data-testid": "ke-keadilan" }, t("Laporan keadilan")),
  );
}

/** @param {string[]} heads @param {string[][]} rows the first cell names the row */
function table(heads, rows) {
  if (rows.length === 0) return null;
  return el(
    "table",
    { class: "glance-table" },
    heads.length ? el("thead", null, el("tr", null, heads.map((head) => el("th", { scope: "col" }, head)))) : null,
    el("tbody", null, rows.map(([name = "", ...cells]) => el("tr", null, el("th", { scope: "row" }, name), cells.map((cell) => el("td", null, cell))))),
  );
}

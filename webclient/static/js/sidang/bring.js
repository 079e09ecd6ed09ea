/**
 * A list that the office has as a CSV file: taken over whole or not at all, kept on this device first like what is
 * typed, so that it needs no line. What stands on the list already stays as it is.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { t } from "../t.js";
import { BadFile, MOST_LINES, lineId, readList, same } from "./csv.js";
import { ranked } from "./list.js";

const MOST_BYTES = 400_000;

/** @param {import("./ledger.js").Ledger} ledger @param {{ room_id: string, seat_id: string | null, kode: string }} office */
export function bindBring(ledger, office) {
  const file = byId("muat-berkas", HTMLInputElement);
  const told = byId("muat-hasil", HTMLElement);
  byId("muat", HTMLButtonElement).addEventListener("click", () => file.click());
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    try {
      if (chosen.size > MOST_BYTES) throw new BadFile(t("Berkas ini terlalu besar."));
      const { rows, wrong } = readList(await chosen.arrayBuffer(), office.kode);
      if (wrong.length) return tell("notice-alarm", t("Ada baris yang perlu diperbaiki; belum ada yang disimpan."), wrong);
      const baru = await enter(rows);
      tell("notice-good", t("{baris} baris terbaca, {baru} usulan baru.", { baris: rows.length, baru }), []);
    } catch (why) {
      if (!(why instanceof BadFile)) throw why;
      tell("notice-alarm", why.message, []);
    } finally {
      file.value = "";
    }
  });

  /** @param {import("../merge.js").Typed[]} rows @returns {Promise<number>} how many are new. Throws BadFile. */
  async function enter(rows) {
    const known = ledger.list("usulan");
    const there = new Set(known.map(({ words }) => same(words)));
    const fresh = [];
    for (const words of rows.filter((one) => !there.has(same(one)))) {
      const one = lineId(office.room_id, office.seat_id ?? "", words);
      // Its words were changed since it was taken over: it is the same line.
      if (!ledger.get("usulan", one)) fresh.push({ one, words });
    }
    if (known.length + fresh.length > MOST_LINES) throw new BadFile(t("Daftar ini akan memuat lebih dari {banyak} usulan.", { banyak: MOST_LINES }));
    if (!fresh.length) return 0;
    const ids = [...ranked(ledger), ...fresh].map(({ one }) => one);
    await ledger.writeAll([...fresh.map(({ one, words }) => /** @type {const} */ (["usulan", one, words])), ["urutan", "", { ids: ids.join(" ") }]]);
    return fresh.length;
  }

  /** @param {string} look @param {string} words @param {import("./csv.js").Wrong[]} wrong */
  function tell(look, words, wrong) {
    told.className = `notice ${look}`;
    refill(told, el("div", null, el("p", { class: "strong" }, words),
      wrong.length ? el("ul", null, wrong.map(({ baris, kata }) => el("li", null, t("Baris {baris}: {kata}", { baris, kata })))) : null));
    show(told, true);
    announce(words);
  }
}

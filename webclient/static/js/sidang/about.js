/**
 * When, where and led by whom: a form that needs no saving; and the end of the meeting, which can be taken back.
 */
import { announce, byId, el, refill, show } from "../dom.js";
import { ask } from "../room/ask.js";
import { t } from "../t.js";
import { control, input, typedIn } from "./form.js";
import { KINDS } from "./kinds.js";
import { stateMarks } from "./marks.js";

/** @param {import("./ledger.js").Ledger} ledger @param {(item: import("./ledger.js").Item) => void} compare @returns {() => void} draws */
export function bindAbout(ledger, compare) {
  const form = byId("pokok", HTMLFormElement);
  const fields = KINDS.pokok.fields().filter(({ name }) => name !== "selesai");
  byId("pokok-isi", HTMLElement).append(...fields.map((field) => control("pokok", field)));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => void ledger.write("pokok", "", typedIn(form, fields)));
  const wrong = byId("tutup-salah", HTMLElement);
  const end = byId("tutup", HTMLButtonElement);
  end.addEventListener("click", async () => {
    const closed = ledger.get("pokok")?.words.selesai === "ya";
    const unsettled = ledger.open().some(({ state }) => state === "beda" || state === "salah");
    wrong.textContent = !closed && unsettled ? t("Selesaikan dahulu yang bertanda merah.") : "";
    show(wrong, wrong.textContent !== "");
    if (wrong.textContent) return announce(wrong.textContent);
    if (!closed && !(await ask(t("Tutup sidang? Sesudahnya daftar, hadirin dan pokoknya tidak berubah sampai dibuka lagi."), t("Tutup sidang")))) return;
    await ledger.write("pokok", "", { selesai: closed ? "" : "ya" });
  });
  return () => {
    const item = ledger.get("pokok");
    const words = item?.words ?? {};
    const closed = words.selesai === "ya";
    for (const { name } of fields) {
      const node = input(form, name);
      // Nothing is pulled away from under the fingers.
      if (node !== document.activeElement && node.value !== (words[name] ?? "")) node.value = words[name] ?? "";
      byId(`pokok-${name}-salah`, HTMLElement).textContent = item?.wrong[name] ?? "";
    }
    byId("pokok-isi", HTMLFieldSetElement).disabled = closed;
    end.textContent = closed ? t("Buka lagi") : t("Tutup sidang");
    end.classList.toggle("button-primary", !closed);
    show(byId("ditutup", HTMLElement), closed);
    for (const id of ["tambah", "muat"]) show(byId(id, HTMLElement), !closed);
    show(byId("tambah-hadir", HTMLElement), !closed);
    refill(byId("pokok-keadaan", HTMLElement), item?.version || item?.state === "kirim" ? el("span", { class: "sidang-marks" }, stateMarks(item, () => compare(item))) : null);
  };
}

/**
 * A session's links: found by name, copied with one press, revoked only after a question.
 */
import { readBoot } from "../boot.js";
import { byId, show } from "../dom.js";
import { t } from "../t.js";
import { ask } from "./ask.js";
import { copyButtons } from "./copy.js";

readBoot();
copyButtons();

show(byId("link-tools", HTMLElement), true);
const rows = [...byId("tautan", HTMLElement).children];
const search = byId("link-search", HTMLInputElement);
search.addEventListener("input", () => {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of rows) {
    const name = row.getAttribute("data-cari")?.toLowerCase() ?? "";
    show(row, words.every((word) => name.includes(word)));
  }
});

for (const row of document.querySelectorAll(".link")) {
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (row.querySelectorAll("form:is([data-cabut], [data-ganti])"))) form.addEventListener("submit", (event) => void askFirst(event, form));
}

/** @param {SubmitEvent} event @param {HTMLFormElement} form */
async function askFirst(event, form) {
  event.preventDefault();
  const { cabut, ganti } = form.dataset;
  const words = t("Yang memakainya langsung keluar, dan tautan ini tidak dapat dipakai lagi.");
  const question = ganti === undefined ? t("Cabut tautan {siapa}?", { siapa: cabut ?? "" }) : t("Ganti tautan {siapa}?", { siapa: ganti });
  if (await ask(question, words, ganti === undefined ? t("Cabut") : t("Ganti"))) form.submit();
}

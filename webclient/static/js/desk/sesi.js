/**
 * A session's links: found by name, copied with one press, revoked only after a question.
 */
import { readBoot } from "../boot.js";
import { announce, byId, show } from "../dom.js";
import { t } from "../t.js";
import { ask } from "./ask.js";

readBoot();
const COPIED_MS = 2000;

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
  const field = row.querySelector("input.link-value");
  const copy = row.querySelector("[data-salin]");
  if (field instanceof HTMLInputElement && copy instanceof HTMLButtonElement) {
    show(copy, true);
    field.addEventListener("focus", () => field.select());
    copy.addEventListener("click", () => void copyLink(field, copy));
  }
  const form = row.querySelector("form[data-cabut]");
  if (form instanceof HTMLFormElement) form.addEventListener("submit", (event) => void askFirst(event, form));
}

/** @param {HTMLInputElement} field @param {HTMLButtonElement} button */
async function copyLink(field, button) {
  field.select();
  // Without TLS there is no clipboard; the link then stands selected, ready for Ctrl+C.
  const done = await (navigator.clipboard?.writeText(field.value) ?? Promise.reject()).then(() => true, () => false);
  const before = button.textContent;
  button.textContent = done ? t("Tersalin") : t("Tekan Ctrl+C");
  announce(button.textContent ?? "");
  setTimeout(() => {
    button.textContent = before;
  }, COPIED_MS);
}

/** @param {SubmitEvent} event @param {HTMLFormElement} form */
async function askFirst(event, form) {
  event.preventDefault();
  const who = form.dataset.cabut ?? "";
  const words = t("Yang memakainya langsung keluar, dan tautan ini tidak dapat dipakai lagi.");
  if (await ask(t("Cabut tautan {siapa}?", { siapa: who }), words, t("Cabut"))) form.submit();
}

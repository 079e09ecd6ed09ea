/**
 * Messages and links that are copied with one press: a button `data-salin` beside its field.
 */
import { announce, show } from "../dom.js";
import { t } from "../t.js";

const COPIED_MS = 2000;

/** Makes every such button of the page work. */
export function copyButtons() {
  for (const button of document.querySelectorAll("[data-salin]")) {
    const field = button.parentElement?.querySelector("textarea, input.link-value");
    if (!(button instanceof HTMLButtonElement)) continue;
    if (!(field instanceof HTMLTextAreaElement) && !(field instanceof HTMLInputElement)) continue;
    show(button, true);
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", () => void copy(field, button));
  }
}

/** @param {HTMLTextAreaElement | HTMLInputElement} field @param {HTMLButtonElement} button */
async function copy(field, button) {
  field.select();
  // Without TLS there is no clipboard; the text then stands selected, ready for Ctrl+C.
  const done = await (navigator.clipboard?.writeText(field.value) ?? Promise.reject()).then(() => true, () => false);
  const before = button.textContent;
  button.textContent = done ? t("Tersalin") : t("Tekan Ctrl+C");
  announce(button.textContent ?? "");
  setTimeout(() => {
    button.textContent = before;
  }, COPIED_MS);
}

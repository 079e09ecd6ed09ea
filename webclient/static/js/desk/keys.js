/**
 * One key per action, with a sheet that lists them on `?`. Keys are quiet while somebody types or while a
 * dialog is open; a key never does what its button would refuse.
 */
import { byId, el, refill } from "../dom.js";
import { t } from "../t.js";

/** @typedef {{key: string, words: string, run: () => void, shown?: string}} Key
 *  key: KeyboardEvent.key, lower case; shown: how the sheet writes it when that differs */

/** @param {EventTarget | null} target */
function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

/**
 * @param {Key[]} keys
 */
export function bindKeys(keys) {
  const sheet = byId("keys", HTMLDialogElement);
  const open = () => {
    if (!sheet.open) sheet.showModal();
  };
  const all = [...keys, { key: "?", words: t("Daftar tombol ini"), run: open }];
  refill(
    byId("keys-list", HTMLElement),
    all.map((one) => el("div", null, el("dt", null, el("kbd", null, one.shown ?? one.key.toUpperCase())), el("dd", null, one.words))),
  );
  byId("keys-open", HTMLButtonElement).addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    // A button that the keyboard stands on has its own Space and Enter.
    if ((event.key === " " || event.key === "Enter") && event.target instanceof Element && event.target.matches("button:focus-visible, a:focus-visible")) return;
    const key = all.find((one) => one.key === event.key.toLowerCase());
    if (!key) return;
    event.preventDefault();
    key.run();
  });
}

/** Presses a button as a hand would: only when it is there and willing. @param {HTMLButtonElement} button */
export function press(button) {
  if (!button.disabled && !button.hidden && button.getAttribute("aria-busy") !== "true" && button.offsetParent !== null) button.click();
}

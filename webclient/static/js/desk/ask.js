/**
 * One question before something that cannot be taken back. The answer that changes nothing has the focus.
 */
import { byId } from "../dom.js";

/**
 * @param {string} title
 * @param {string} words what will happen
 * @param {string} yes the word on the button that does it
 * @param {boolean} [ready] the answer that goes on has the focus: what it does can be taken back after all
 * @returns {Promise<boolean>}
 */
export function ask(title, words, yes, ready = false) {
  const dialog = byId("ask", HTMLDialogElement);
  if (dialog.open) return Promise.resolve(false);
  byId("ask-title", HTMLElement).textContent = title;
  byId("ask-words", HTMLElement).textContent = words;
  byId("ask-yes", HTMLButtonElement).textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  if (ready) byId("ask-yes", HTMLButtonElement).focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}

/**
 * A question with one answer, in the page's own dialog; and dialogs that close.
 */
import { byId } from "../dom.js";

/** @param {string} question @param {string} yes words of the button that does it @returns {Promise<boolean>} */
export function ask(question, yes) {
  const dialog = byId("tanya", HTMLDialogElement);
  byId("tanya-judul", HTMLElement).textContent = question;
  /** @type {HTMLElement} */ (dialog.querySelector("[value=ya]")).textContent = yes;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ya"), { once: true });
  });
}

/** Makes `data-close` buttons close their dialog. @param {ParentNode} [root] */
export function closers(root = document) {
  for (const button of root.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => button.closest("dialog")?.close());
  }
}

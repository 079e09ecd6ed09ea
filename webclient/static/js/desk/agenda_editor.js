/**
 * The items of an agenda in a form: rows that grow, move and go. Without this script the same form still posts all.
 */
import { byId, el, icon } from "../dom.js";
import { t } from "../t.js";

/** @param {Element} row @param {1 | -1} by */
function move(row, by) {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (!other || other.hasAttribute("data-baru")) return;
  if (by < 0) other.before(row);
  else other.after(row);
}

/**
 * Up, down and away, for a row of a list.
 * @param {Element} row
 * @param {() => void} [remove]
 */
export function rowKeys(row, remove) {
  const key = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ run) => {
    const node = el("button", { class: "button", type: "button", "aria-label": words, title: words }, icon(sign));
    node.addEventListener("click", () => {
      run();
      node.focus();
    });
    return node;
  };
  return el(
    "span",
    { class: "row-keys" },
    key("up", t("Naikkan"), () => move(row, -1)),
    key("down", t("Turunkan"), () => move(row, 1)),
    remove && key("x", t("Hapus"), remove),
  );
}

/** Rows `data-tetap` stay; the row `data-baru` becomes one as soon as something is written in it. */
export function agendaEditor() {
  const list = byId("agenda", HTMLElement);
  const blank = list.querySelector("[data-baru]");
  if (!(blank instanceof HTMLElement)) return;
  const pristine = blank.cloneNode(true);
  const dress = (/** @type {Element} */ row) => row.append(rowKeys(row, row.hasAttribute("data-tetap") ? undefined : () => row.remove()));
  for (const row of list.querySelectorAll("li:not([data-baru])")) dress(row);
  list.addEventListener("input", (event) => {
    const row = event.target instanceof Element ? event.target.closest("[data-baru]") : null;
    if (!row || !row.querySelector("input:not([type=hidden])")) return;
    const title = row.querySelector("input:not([type=hidden])");
    if (!(title instanceof HTMLInputElement) || !title.value.trim()) return;
    row.removeAttribute("data-baru");
    dress(row);
    list.append(pristine.cloneNode(true));
  });
}

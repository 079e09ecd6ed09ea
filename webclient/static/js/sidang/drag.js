/**
 * Dragging a row of a list by its handle, with a mouse or a finger; the buttons beside it do the same for a keyboard.
 */

/**
 * @param {HTMLElement} list whose rows have `data-id` and a `data-handle`
 * @param {(ids: string[]) => void} dropped the order that the hand left
 * @returns {() => boolean} whether one is being dragged
 */
export function bindDrag(list, dropped) {
  /** @type {HTMLElement | null} */
  let held = null;
  const rows = () => /** @type {HTMLElement[]} */ ([...list.querySelectorAll("[data-id]")]);
  list.addEventListener("pointerdown", (event) => {
    const handle = event.target instanceof Element ? event.target.closest("[data-handle]") : null;
    if (!(handle instanceof HTMLElement) || event.button !== 0) return;
    held = handle.closest("[data-id]");
    if (!held) return;
    event.preventDefault();
    handle.setPointerCapture(event.pointerId);
    held.dataset.held = "ya";
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    // The neighbours make way: the held row itself, moved, would lose the pointer.
    const beside = (/** @type {Element | null} */ row) => (row instanceof HTMLElement ? middle(row) : null);
    const above = beside(held.previousElementSibling);
    const below = beside(held.nextElementSibling);
    if (above !== null && event.clientY < above) held.after(/** @type {Element} */ (held.previousElementSibling));
    else if (below !== null && event.clientY > below) held.before(/** @type {Element} */ (held.nextElementSibling));
  });
  const drop = () => {
    if (!held) return;
    delete held.dataset.held;
    held = null;
    dropped(rows().map((row) => row.dataset.id ?? ""));
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);
  return () => held !== null;
}

/** @param {HTMLElement} row */
function middle(row) {
  const box = row.getBoundingClientRect();
  return box.top + box.height / 2;
}

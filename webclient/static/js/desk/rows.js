/**
 * Lists that stay put: rows are kept and updated in place, so a press that began on a row ends on it; and
 * while somebody points at the list, rows neither move nor vanish under the pointer. What has gone
 * meanwhile is greyed out and refuses the press; the new order comes when the hand is away.
 */

/** A pointer that rests longer than this is no longer about to click. */
const QUIET_MS = 6000;

/**
 * @template T
 */
export class Rows {
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();
  /** @type {T[]} */
  #items = [];
  #heldUntil = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {HTMLElement} parent
   * @param {{key: (item: T) => string, make: (item: T) => HTMLElement, update: (row: HTMLElement, item: T) => void}} how
   *   make builds a row once; update brings it to an item's present state
   */
  constructor(parent, how) {
    this.parent = parent;
    this.how = how;
    for (const type of ["pointermove", "pointerdown", "keydown"]) parent.addEventListener(type, () => this.#hold());
    parent.addEventListener("pointerleave", () => this.#release());
  }

  /** @param {T[]} items */
  show(items) {
    this.#items = items;
    const held = performance.now() < this.#heldUntil;
    this.parent.toggleAttribute("data-held", held);
    const present = new Set();
    const order = items.map((item) => {
      const key = this.how.key(item);
      present.add(key);
      let row = this.#rows.get(key);
      if (!row) this.#rows.set(key, (row = this.how.make(item)));
      row.inert = false;
      row.removeAttribute("data-gone");
      this.how.update(row, item);
      return row;
    });
    for (const [key, row] of this.#rows) {
      if (present.has(key)) continue;
      row.inert = true;
      row.setAttribute("data-gone", "");
      if (!held) {
        row.remove();
        this.#rows.delete(key);
      }
    }
    if (held) this.parent.append(...order.filter((row) => !row.isConnected));
    else place(this.parent, order);
  }

  #hold() {
    this.#heldUntil = performance.now() + QUIET_MS;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#release(), QUIET_MS);
  }

  #release() {
    clearTimeout(this.#timer);
    this.#heldUntil = 0;
    this.show(this.#items);
  }
}

/**
 * Brings the rows into order and moves only those that stand wrong, since a moved node loses the focus.
 * @param {HTMLElement} parent
 * @param {HTMLElement[]} order
 */
function place(parent, order) {
  const focused = document.activeElement;
  order.forEach((row, index) => {
    const there = parent.children[index];
    if (there !== row) parent.insertBefore(row, there ?? null);
  });
  if (focused instanceof HTMLElement && parent.contains(focused) && document.activeElement !== focused) focused.focus();
}

/**
 * Sets text only when it differs, so that a selection or a screen reader is not disturbed.
 * @param {Element | null} node
 * @param {string} text
 */
export function write(node, text) {
  if (node && node.textContent !== text) node.textContent = text;
}

/**
 * A part of a row or panel by its `data-part`.
 * @param {Element} parent
 * @param {string} name
 * @returns {HTMLElement}
 */
export function part(parent, name) {
  const node = parent.querySelector(`[data-part="${name}"]`);
  if (!(node instanceof HTMLElement)) throw new Error(`no part ${name}`);
  return node;
}

/** How long a button whose meaning has just changed refuses the press. */
const REARM_MS = 700;

/**
 * Tells a button what it would do now. When that changes, it refuses for a moment: a finger on its way
 * down must not call another office than the one it aimed at.
 * @param {HTMLButtonElement} button
 * @param {string} aim identity of what a press would do, empty for nothing
 */
export function aimButton(button, aim) {
  const before = button.dataset.aim;
  if (before === aim) return;
  button.dataset.aim = aim;
  button.disabled = true;
  if (!aim) return;
  // Nobody was aiming at a button that did nothing.
  if (!before) {
    button.disabled = false;
    return;
  }
  setTimeout(() => {
    if (button.dataset.aim === aim) button.disabled = false;
  }, REARM_MS);
}

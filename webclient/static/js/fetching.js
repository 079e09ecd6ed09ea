/**
 * What a page fetches again whenever it is told that something changed: one at a time, so that many changes ask no
 * more of the line and of the server than these can do.
 */

export class Fetching {
  /** @type {Promise<void> | null} */
  #running = null;
  /** The one that was asked for while another was on its way. @type {Promise<void> | null} */
  #next = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #due;

  /**
   * @param {() => Promise<void>} act fetches and shows; it must not reject, and must come to an end by itself
   * @param {{ spread_ms?: number, random?: () => number }} [world] spread_ms: `soon` waits up to so long, by chance
   */
  constructor(act, { spread_ms = 0, random = Math.random } = {}) {
    this.act = act;
    this.spread_ms = spread_ms;
    this.random = random;
  }

  /** Something changed, and everybody was told in the same instant. */
  soon() {
    if (!this.spread_ms) void this.now();
    else this.#due ??= setTimeout(() => void this.now(), this.random() * this.spread_ms);
  }

  /** At once, or once more after the one on its way, which may have been answered before the change. @returns {Promise<void>} */
  now() {
    if (!this.#running) return this.afresh();
    this.#forgetDue();
    return this.#next ??= this.#running.then(() => this.afresh());
  }

  /** At once, whatever is on its way: that asks for something else, or by a line that is gone. @returns {Promise<void>} */
  afresh() {
    this.#forgetDue();
    this.#next = null;
    const mine = this.act().finally(() => {
      if (this.#running === mine) this.#running = null;
    });
    this.#running = mine;
    return mine;
  }

  #forgetDue() {
    clearTimeout(this.#due);
    this.#due = undefined;
  }
}

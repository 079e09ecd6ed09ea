/**
 * This browser as a seat's media device: claims the seat, holds it over reconnects, gives it up when taken over.
 *
 * A seat has one media device; others are companions without sound and picture. Driven by the wire and the call.
 */

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../call.js").Call} Call */

export class SeatDevice {
  /** Whether this browser has the seat (or had it when the line dropped, and means to have it again). */
  held = false;
  #canPublish = false;
  /** @type {() => void} */
  #onTaken = () => {};

  /** @param {Wire} wire @param {Call} call @param {string} grant */
  constructor(wire, call, grant) {
    this.wire = wire;
    this.call = call;
    this.key = `rembug:${grant}`;
    wire.on("welcome", (welcome) => {
      // After a dropped line the server may still believe in our own old socket, hence the taking.
      if (this.held) void this.#claim(true);
      call.follow(welcome.worker_epoch);
    });
    wire.on("media", (m) => call.follow(m.worker_epoch));
    wire.on("bye", (bye) => {
      if (bye.code === 4409) this.#taken();
    });
  }

  /** @param {() => void} fn another device took the seat */
  onTaken(fn) {
    this.#onTaken = fn;
  }

  /** Enters with this device; false when another one has the seat. A reloaded page takes its own seat back.
   *  @param {boolean} canPublish */
  async enter(canPublish) {
    this.#canPublish = canPublish;
    return this.#claim(sessionStorage.getItem(this.key) === "ada");
  }

  /** Makes this the seat's device, whoever had it. @param {boolean} canPublish */
  async take(canPublish) {
    this.#canPublish = canPublish;
    return this.#claim(true);
  }

  /** The camera or microphone came or went. @param {boolean} canPublish */
  tell(canPublish) {
    if (canPublish === this.#canPublish) return;
    this.#canPublish = canPublish;
    if (this.held) this.wire.tell("media_state", { can_publish: canPublish });
  }

  /** @param {boolean} force */
  async #claim(force) {
    let taken = false;
    const deaf = this.wire.on("error", (refusal) => {
      if (refusal.code === "seat_taken") taken = true;
    });
    this.wire.tell("media_state", { can_publish: this.#canPublish });
    await this.wire.settled();
    deaf();
    if (taken && !force) return false;
    if (taken) {
      this.wire.tell("take_seat");
      this.wire.tell("media_state", { can_publish: this.#canPublish });
    }
    this.held = true;
    sessionStorage.setItem(this.key, "ada");
    if (this.wire.welcome) this.call.join(this.wire.welcome.worker_epoch);
    return true;
  }

  #taken() {
    this.held = false;
    sessionStorage.removeItem(this.key);
    this.call.leave();
    this.#onTaken();
  }
}

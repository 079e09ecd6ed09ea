/**
 * This browser as a seat's media device: claims the seat, holds it over reconnects, gives it up when taken over.
 *
 * A seat has one media device; others are companions without sound and picture. Driven by the wire and the call.
 */

import { CLOSED } from "../protocol.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {import("../call.js").Call} Call */

/** How long after our line dropped the server may still believe in the old socket. */
const GHOST_MS = 30_000;

export class SeatDevice {
  /** Whether this browser has the seat (or had it when the line dropped, and means to have it again). */
  held = false;
  #canPublish = false;
  #lostAt = -Infinity;
  /** @type {() => void} */
  #onTaken = () => {};

  /** @param {Wire} wire @param {Call} call
   *  @param {string} [name] of this device, where somebody looks at who is there before it is on air */
  constructor(wire, call, name) {
    this.name = name ? { device: name } : {};
    this.wire = wire;
    this.call = call;
    wire.on("status", (status) => {
      if (status === "waiting") this.#lostAt = wire.timing.now();
      if (status === "ended") call.leave();
    });
    wire.on("welcome", (welcome) => {
      call.follow(welcome.worker_epoch);
      if (this.held) void this.#comeBack();
    });
    wire.on("media", (m) => call.follow(m.worker_epoch));
    wire.on("layers", (m) => call.heed(m));
    call.onState((state) => state === "lost" && wire.doubt());
    wire.on("bye", (bye) => {
      if (bye.code === CLOSED.TAKEN_OVER) this.#taken();
    });
  }

  /** @param {() => void} fn another device took the seat */
  onTaken(fn) {
    this.#onTaken = fn;
  }

  /** Enters with this device; false when another one has the seat. @param {boolean} canPublish */
  async enter(canPublish) {
    this.#canPublish = canPublish;
    return this.#claim(false);
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
    if (this.held) this.#say();
  }

  /** After a short break whoever has the seat is our own ghost; after a long one, people moved to another device. */
  async #comeBack() {
    const ghost = this.wire.timing.now() - this.#lostAt < GHOST_MS;
    if (!(await this.#claim(ghost))) this.#taken();
  }

  /** @param {boolean} force */
  async #claim(force) {
    let taken = false;
    const deaf = this.wire.on("error", (refusal) => {
      if (refusal.code === "seat_taken") taken = true;
    });
    this.#say();
    await this.wire.settled();
    deaf();
    if (taken && !force) return false;
    if (taken) {
      this.wire.tell("take_seat");
      this.#say();
    }
    this.held = true;
    if (this.wire.welcome) this.call.join(this.wire.welcome.worker_epoch);
    return true;
  }

  #say() {
    this.wire.tell("media_state", { can_publish: this.#canPublish, ...this.name });
  }

  #taken() {
    this.held = false;
    this.call.leave();
    this.#onTaken();
  }
}

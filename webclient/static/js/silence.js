/**
 * How long nothing has come over a peer connection: the server says something at least once a second, so silence means
 * that the way between is cut. Looked at by the call, more often than people notice; decides nothing.
 */

/** Over TCP a lost packet holds up all that follow it, for as long as the sender waits before it tries again. */
const TCP_MS = 4_000;
/** A stream of sound that stops; of mere signs of life some may be lost. */
const STREAM_MS = 1_500;
const SIGNS_MS = 3_500;
/** ICE and DTLS take some round trips, more on a line that loses. */
const CONNECT_MS = 8_000;
/** Between two looks, which come several times a second. */
const HELD_UP_MS = 1_000;
/** Bytes in a second from which on it is a stream. */
const STREAM_BYTES = 1_500;

export class Silence {
  #arrived = -1;
  #lookedAt = 0;
  #since;
  /** Bytes in a second, at the last two looks that found any. @type {[number, number]} */
  #brought = [0, 0];
  #tcp = false;
  #bytes = 0;

  /** @param {RTCPeerConnection} pc @param {() => number} now ms, monotonic */
  constructor(pc, now) {
    this.pc = pc;
    this.now = now;
    this.#since = now();
  }

  /** How long nothing came, ms. */
  get lasts() {
    return this.now() - this.#since;
  }

  /** Whether the way must be taken for cut. @param {number} patience times longer than usual */
  isCut(patience) {
    // There is nothing to be had from a connection that has never been one.
    if (this.pc.connectionState !== "connected") return this.lasts > CONNECT_MS;
    const streaming = Math.max(...this.#brought) > STREAM_BYTES;
    return this.lasts > patience * (this.#tcp ? TCP_MS : streaming ? STREAM_MS : SIGNS_MS);
  }

  /** Takes in what has come until now. */
  async look() {
    let arrived = 0;
    let bytes = 0;
    const report = await this.pc.getStats();
    for (const r of report.values()) {
      if (r.type !== "candidate-pair") continue;
      bytes += r.bytesReceived ?? 0;
      // Answers to the browser's own checks are signs of life too.
      arrived += (r.bytesReceived ?? 0) + (r.responsesReceived ?? 0);
      if (r.nominated && r.state === "succeeded") this.#tcp = report.get(r.localCandidateId)?.protocol === "tcp";
    }
    const now = this.now();
    const rate = (1_000 * (bytes - this.#bytes)) / Math.max(1, now - this.#lookedAt);
    // What streamed before a silence still counts during it. Two looks, since a cut or an end comes in the midst of one;
    // signs of life alone say that nothing streams any more.
    if (rate > 0) this.#brought = [this.#brought[1], rate];
    this.#bytes = bytes;
    // A page that was held up itself has not listened, and what came meanwhile may not be told yet.
    if (arrived !== this.#arrived || now - this.#lookedAt > HELD_UP_MS) this.#since = now;
    this.#arrived = arrived;
    this.#lookedAt = now;
  }
}

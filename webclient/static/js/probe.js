/**
 * What this device's line does to sound and pictures, found out in a few seconds on a call of its own: which way they
 * come by, how much is lost, how much gets through, how long it takes. The call takes no seat and shows nothing, and
 * ends at any moment without a trace. The words for what is found are in sambungan.js.
 */
import { connect, exchange } from "./lines.js";
import { newId } from "./protocol.js";
import { counted, way } from "./statistics.js";

/** null: not found out.
 *  @typedef {{ path: "udp" | "tcp" | "relay" | "none", down_kbit: number | null, lost: number | null,
 *              rtt_ms: number | null, wire_ms: number | null }} Found */
/** What the server sends now: evenly spaced packets that carry nothing.
 *  @typedef {{ packets: number, packet_bytes: number, lasts_ms: number }} Train */
/** What came of it. @typedef {{ train: Train, packets: number, kbit: number | null }} Arrived */

const CONNECT_MS = 8_000;
const LOOK_MS = 100;
/** How long after its end a train may still be under way, and nothing of it come before it is taken for over. */
const LATE_MS = 2_000;
const QUIET_MS = 600;
/** Other offices may have their trains just now. */
const TRIES = 4;
const BUSY_MS = 1_000;
const PINGS = 3;

/**
 * @param {import("./protocol.js").Wire} wire
 * @param {string} base of the personal link
 * @param {AbortSignal} signal ends it
 * @returns {Promise<Found | null>} null: ended, or it was not the line that failed
 */
export async function probe(wire, base, signal) {
  const peer_id = newId();
  const line = connect("probe", null);
  // What is asked of a connection that is closed meanwhile is never answered.
  const ended = new Promise((done) => signal.addEventListener("abort", () => done(null), { once: true }));
  try {
    return await Promise.race([measure(wire, base, peer_id, line, signal), ended]);
  } catch (why) {
    if (!signal.aborted) console.warn("probe:", why);
    return null;
  } finally {
    line.pc.close();
    fetch(`${base}media/${peer_id}`, { method: "DELETE", keepalive: true }).catch(() => {});
  }
}

/** @param {import("./protocol.js").Wire} wire @param {string} base @param {string} peer_id
 *  @param {import("./lines.js").Connection} line @param {AbortSignal} signal @returns {Promise<Found>} */
async function measure(wire, base, peer_id, line, signal) {
  const { pc } = line;
  const wire_ms = await roundTrip(wire);
  await pc.setLocalDescription();
  const answer = await exchange(base, "probe", line, { peer_id, mode: "suara" }, signal);
  await pc.setRemoteDescription({ type: "answer", sdp: answer.sdp });
  const nothing = { down_kbit: null, lost: null, rtt_ms: null, wire_ms };
  if (!(await connected(pc))) return { path: "none", ...nothing };
  const url = `${base}media/${peer_id}/train`;
  const sound = await receive(pc, url, "sound", signal);
  const pictures = sound && (await receive(pc, url, "pictures", signal));
  const { path, roundTrip_s } = way(await pc.getStats());
  return {
    ...nothing,
    path,
    lost: sound && Math.max(0, 1 - sound.packets / sound.train.packets),
    down_kbit: pictures?.kbit ?? null,
    rtt_ms: roundTrip_s === null ? null : Math.round(roundTrip_s * 1_000),
  };
}

/** The shortest of some, ms; null while there is no line. @param {import("./protocol.js").Wire} wire */
async function roundTrip(wire) {
  let shortest = Infinity;
  for (let n = 0; n < PINGS; n += 1) {
    const asked = performance.now();
    if (!(await wire.settled())) return null;
    shortest = Math.min(shortest, performance.now() - asked);
  }
  return Math.round(shortest);
}

/** @param {RTCPeerConnection} pc @returns {Promise<boolean>} */
function connected(pc) {
  return new Promise((done) => {
    const look = () => {
      if (pc.connectionState === "connected") done(true);
      else if (pc.connectionState === "failed") done(false);
    };
    pc.addEventListener("connectionstatechange", look);
    setTimeout(() => done(false), CONNECT_MS);
    look();
  });
}

/** Asks for a train and waits until it is through. @param {RTCPeerConnection} pc @param {string} url
 *  @param {"sound" | "pictures"} like @param {AbortSignal} signal
 *  @returns {Promise<Arrived | null>} null: there is none to be had now, or this browser does not count it */
async function receive(pc, url, like, signal) {
  const before = counted(await pc.getStats());
  const train = await ask(url, like, signal);
  if (!train) return null;
  /** @type {{ at: number, packets: number }[]} */
  const seen = [];
  const asked = performance.now();
  let newAt = asked;
  while (!signal.aborted) {
    await pause(LOOK_MS);
    const packets = counted(await pc.getStats()) - before;
    const now = performance.now();
    if (packets > (seen.at(-1)?.packets ?? 0)) {
      seen.push({ at: now, packets });
      newAt = now;
    }
    const late = now - asked - train.lasts_ms;
    if (packets >= train.packets || late > LATE_MS || (late > 0 && now - newAt > QUIET_MS)) break;
  }
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last) return null;
  const ms = last.at - first.at;
  const kbit = ms ? Math.round(((last.packets - first.packets) * train.packet_bytes * 8) / ms) : null;
  return { train, packets: last.packets, kbit };
}

/** @param {string} url @param {"sound" | "pictures"} like @param {AbortSignal} signal
 *  @returns {Promise<Train | null>} null: not now */
async function ask(url, like, signal) {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries) await pause(BUSY_MS * (0.5 + Math.random()));
    const response = await fetch(url, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ like }), signal,
    });
    if (response.ok) return response.json();
    if (response.status !== 429) throw new Error(`train refused: ${response.status}`);
  }
  return null;
}

/** @param {number} ms @returns {Promise<void>} */
function pause(ms) {
  return new Promise((go) => setTimeout(go, ms));
}

/** What the browser tells of a connection, added up by slot; reads only. */

/** @typedef {import("./call.js").Kind} Kind */
/** @typedef {import("./call.js").Slot} Slot */
/** @typedef {import("./lines.js").Connection} Connection */
/** @typedef {{ frames: number, width: number, height: number, freezes: number, energy: number,
 *              received: number, lost: number }} SlotStats */

/** What has arrived in each slot so far. @param {Connection | null} connection
 *  @returns {Promise<Partial<Record<Slot, SlotStats>>>} */
export async function arrived(connection) {
  /** @type {Partial<Record<Slot, SlotStats>>} */
  const all = {};
  for (const [key, receiver] of connection?.receivers ?? []) {
    const slot = /** @type {Slot} */ (key.split(" ")[0]);
    const s = (all[slot] ??= {
      frames: 0, width: 0, height: 0, freezes: 0, energy: 0, received: 0, lost: 0,
    });
    for (const r of (await receiver.getStats()).values()) {
      if (r.type !== "inbound-rtp") continue;
      s.received += r.packetsReceived ?? 0;
      s.lost += r.packetsLost ?? 0;
      s.energy += r.totalAudioEnergy ?? 0;
      s.frames += r.framesDecoded ?? 0;
      s.freezes += r.freezeCount ?? 0;
      s.width = r.frameWidth ?? s.width;
      s.height = r.frameHeight ?? s.height;
    }
  }
  return all;
}

/** Packets sent on the seat's own lines. @param {Connection | null} connection
 *  @returns {Promise<Record<import("./lines.js").Source, number>>} */
export async function sent(connection) {
  const all = { audio: 0, video: 0, screen: 0 };
  for (const [kind, sender] of connection?.senders ?? []) {
    for (const r of (await sender.getStats()).values()) {
      if (r.type === "outbound-rtp") all[kind] += r.packetsSent ?? 0;
    }
  }
  return all;
}

/** Packets that came on all lines, also such as carry nothing. @param {RTCStatsReport} report */
export function counted(report) {
  let packets = 0;
  for (const r of report.values()) if (r.type === "inbound-rtp") packets += r.packetsReceived ?? 0;
  return packets;
}

/** By which way everything comes. @param {RTCStatsReport} report of a connection that has one
 *  @returns {{ path: "udp" | "tcp" | "relay", roundTrip_s: number | null }} */
export function way(report) {
  const all = [...report.values()];
  const chosen = all.find((r) => r.type === "transport")?.selectedCandidatePairId;
  const pair = report.get(chosen) ?? all.find((r) => r.type === "candidate-pair" && r.nominated && r.state === "succeeded");
  const own = report.get(pair?.localCandidateId);
  const path = own?.candidateType === "relay" ? "relay" : own?.protocol === "tcp" ? "tcp" : "udp";
  return { path, roundTrip_s: pair?.currentRoundTripTime ?? null };
}

/** Packets that came and that were lost, on all lines, and the way there and back. @param {Connection} connection
 *  @returns {Promise<{ received: number, lost: number, roundTrip_s: number | null }>} */
export async function heard({ pc }) {
  let received = 0;
  let lost = 0;
  /** @type {number | null} */
  let roundTrip_s = null;
  for (const r of (await pc.getStats()).values()) {
    if (r.type === "inbound-rtp") {
      received += r.packetsReceived ?? 0;
      lost += r.packetsLost ?? 0;
    } else if (r.type === "candidate-pair" && r.nominated) {
      roundTrip_s = r.currentRoundTripTime ?? null;
    }
  }
  return { received, lost, roundTrip_s };
}

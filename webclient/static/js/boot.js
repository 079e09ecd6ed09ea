/**
 * What the server wrote into the page for its script; read once.
 */
import { setCatalogue } from "./t.js";

/** @typedef {{ grant: string, role: string, seat_id: string | null, room_id: string, title: string,
 *              label: string, nama: string, base: string, ice_servers?: RTCIceServer[], catalogue?: Record<string, string> }} Boot */

/** @returns {Boot} */
export function readBoot() {
  const node = document.getElementById("boot");
  if (!node?.textContent) throw new Error("the page has no boot data");
  const boot = /** @type {Boot} */ (JSON.parse(node.textContent));
  if (boot.catalogue) setCatalogue(boot.catalogue);
  return boot;
}

/** Relays that a call may use; the page's own, none where it names none. @returns {RTCIceServer[]} */
export function iceServers() {
  return JSON.parse(document.getElementById("boot")?.textContent || "{}").ice_servers ?? [];
}

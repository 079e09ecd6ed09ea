/**
 * What this device remembers for another day; a browser that keeps nothing is asked each time.
 */

/** @param {string} name @returns {string} empty when nothing was kept */
export function recall(name) {
  try {
    return localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} name @param {string} value */
export function keep(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch { /* Asked again next time. */ }
}

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

/** A random thing that this device keeps. @param {string} name @param {() => string} make */
export function keepOwn(name, make) {
  const own = recall(name) || make();
  keep(name, own);
  return own;
}

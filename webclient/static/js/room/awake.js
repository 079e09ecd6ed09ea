/**
 * Keeps the screen from going dark while the page is seen; a phone that sleeps leaves the meeting.
 */

export function keepAwake() {
  const ask = () => {
    if (document.visibilityState === "visible") navigator.wakeLock?.request("screen").catch(() => {});
  };
  document.addEventListener("visibilitychange", ask);
  ask();
}

/**
 * A long form in a few steps. It stays one form: every step's fields are sent together, and what was typed in one is
 * there when people come back to it. Going on asks the server what is wrong with this step; without a line it goes on.
 */
import { announce, byId, show } from "../dom.js";
import { t } from "../t.js";

/** How long going on may wait for the server; what is wrong is said at the end as well. */
const PATIENCE_MS = 8_000;

/** @param {string} check address that answers a posted form with `{galat: {field: sentence}}` */
export function steps(check) {
  const form = byId("form", HTMLFormElement);
  const nav = byId("langkah", HTMLElement);
  const back = byId("kembali", HTMLButtonElement);
  const next = byId("lanjut", HTMLButtonElement);
  const save = byId("simpan", HTMLButtonElement);
  const parts = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-langkah]")]);
  const last = Math.max(...parts.map(stepOf));
  const places = /** @type {HTMLElement[]} */ ([...form.querySelectorAll("[data-salah]")]);
  let now = 1;

  /** @param {number} step @param {boolean} [moved] by a person */
  const go = (step, moved = true) => {
    now = Math.min(last, Math.max(1, step));
    for (const part of parts) show(part, stepOf(part) === now);
    for (const button of nav.querySelectorAll("button")) {
      if (Number(button.dataset.ke) === now) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
    }
    show(back, now > 1);
    show(next, now < last);
    show(save, now === last);
    if (!moved) return;
    const legend = parts.find((part) => stepOf(part) === now)?.querySelector("legend");
    announce(t("Langkah {nomor} dari {semua}: {nama}", { nomor: now, semua: last, nama: legend?.textContent ?? "" }));
    if (legend) {
      legend.tabIndex = -1;
      legend.focus();
    }
  };

  /** Says what is wrong in this step. @returns {Promise<boolean>} nothing is */
  const right = async () => {
    const galat = await asked(check, new URLSearchParams(/** @type {any} */ (new FormData(form))));
    if (!galat) return true;
    const here = places.filter((place) => stepOf(place.closest("[data-langkah]")) === now);
    for (const place of here) tell(place, galat[place.dataset.salah ?? ""] ?? "");
    const wrong = here.find((place) => !place.hidden);
    if (!wrong) return true;
    fieldOf(wrong).focus();
    announce(wrong.textContent ?? "");
    return false;
  };
  const goOn = async () => {
    if (next.disabled) return;
    next.disabled = true;
    const fine = await right().finally(() => (next.disabled = false));
    if (fine) go(now + 1);
    else places.find((place) => !place.hidden && stepOf(place.closest("[data-langkah]")) === now)?.scrollIntoView({ block: "center" });
  };

  show(nav, true);
  nav.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button) go(Number(button.dataset.ke));
  });
  back.addEventListener("click", () => go(now - 1));
  next.addEventListener("click", () => void goOn());
  form.addEventListener("submit", (event) => {
    // Enter in a field goes on, too; only the last step makes the session.
    if (now === last || !(event.submitter instanceof HTMLElement) || !event.submitter.hasAttribute("data-enter")) return;
    event.preventDefault();
    void goOn();
  });
  const wrong = places.find((place) => !place.hidden);
  go(wrong ? stepOf(wrong.closest("[data-langkah]")) : Number(nav.dataset.mulai), false);
  if (wrong) fieldOf(wrong).focus();
}

/**
 * What the server finds wrong with it; null when it does not say so in time.
 * @param {string} check @param {URLSearchParams} body
 * @returns {Promise<Record<string, string> | null>}
 */
async function asked(check, body) {
  try {
    const answer = await fetch(check, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? (await answer.json()).galat : null;
  } catch {
    return null;
  }
}

/** @param {Element | null} part */
function stepOf(part) {
  return part instanceof HTMLElement ? Number(part.dataset.langkah) : 0;
}

/** @param {HTMLElement} place @param {string} words */
function tell(place, words) {
  place.textContent = words;
  show(place, words !== "");
  const field = fieldOf(place);
  if (field === place) return;
  if (words) {
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", place.id);
  } else {
    field.removeAttribute("aria-invalid");
    field.removeAttribute("aria-describedby");
  }
}

/** The field that a sentence is about, or the sentence itself. @param {HTMLElement} place @returns {HTMLElement} */
function fieldOf(place) {
  const field = document.getElementById(place.dataset.salah ?? "");
  return field instanceof HTMLInputElement || field instanceof HTMLSelectElement ? field : place;
}

/**
 * What is being said, as the notulis types it: the last two lines, for a while, below the picture or on its foot.
 *
 * A page asks for this when the first line comes. The lines are no live region: who listens hears the speaker, and
 * who reads by fingers finds them where they stand.
 */
import { el, icon, refill, show } from "../dom.js";
import { keep, recall } from "../kept.js";
import { t } from "../t.js";

const KEPT = "rembug.teks";
const READ_MS = 20_000;

const lines = el("div", { class: "takarir-lines" });
const close = el("button", { type: "button", class: "button button-icon takarir-off", "aria-label": t("Sembunyikan teks"), "data-testid": "takarir-tutup", onclick: () => want(false) }, icon("x"));
const block = el("div", { class: "takarir", "data-testid": "takarir", hidden: true }, lines, close);
/** @type {ReturnType<typeof setTimeout> | undefined} */
let over;
let some = false;
let wanted = recall(KEPT) !== "tidak";

/** Shows these lines, or none; before the element `foot`. @param {string[]} said @param {Element} foot */
export function read(said, foot) {
  if (!block.isConnected) {
    foot.before(block);
    bind();
  }
  clearTimeout(over);
  some = said.length > 0;
  if (some) refill(lines, ...said.map((one) => el("p", null, one)));
  over = setTimeout(() => {
    some = false;
    draw();
  }, READ_MS);
  draw();
}

/** The page's own switch, where it has one; before the first line it would be a question without a reason. */
function bind() {
  const box = document.getElementById("teks-tampil");
  if (!(box instanceof HTMLInputElement)) {
    close.remove();
    wanted = true;
    return;
  }
  show(/** @type {HTMLElement} */ (box.closest("label")), true);
  box.checked = wanted;
  box.addEventListener("change", () => want(box.checked));
}

/** @param {boolean} now */
function want(now) {
  wanted = now;
  keep(KEPT, now ? "" : "tidak");
  const box = document.getElementById("teks-tampil");
  if (box instanceof HTMLInputElement) box.checked = now;
  draw();
}

function draw() {
  show(block, some && wanted);
}

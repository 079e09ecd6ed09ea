/**
 * A page of slides over a tile, in place of a shared screen. The page before stays until the new one is there.
 */
import { el } from "../dom.js";
import { t } from "../t.js";

/** @typedef {{ deck_id: string, page: number, pages: number }} Page */

const LARGE = 1280;
const SMALL = 640;
const AGAIN_MS = 2_000;

/** @param {string} base of the personal link @param {Page} page @param {number} width */
export const pageUrl = (base, page, width) => `${base}paparan/${page.deck_id}/${page.page}-${width}.webp`;

/** @param {HTMLElement} tile @param {Page | null} page null takes it away @param {string} base of the personal link */
export function showPage(tile, page, base) {
  const before = /** @type {HTMLImageElement | null} */ (tile.querySelector("img.page"));
  if (!page) return before?.remove();
  const image = before ?? el("img", { class: "page", alt: "", "data-testid": "halaman" });
  if (!before) tile.append(image);
  const saving = ["hemat", "suara"].includes(document.documentElement.dataset["gambar"] ?? "");
  // Once the large one is there the small one would be one more.
  const width = saving || tile.clientWidth * devicePixelRatio <= SMALL * 1.1 ? SMALL : LARGE;
  const wanted = `${page.deck_id} ${page.page}`;
  if (image.dataset["page"] === wanted) return;
  image.dataset["page"] = wanted;
  fetchInto(image, wanted, pageUrl(base, page, width), page, base);
}

/** @param {HTMLImageElement} image @param {string} wanted @param {string} url @param {Page} page @param {string} base */
function fetchInto(image, wanted, url, page, base) {
  const next = new Image();
  const still = () => image.isConnected && image.dataset["page"] === wanted;
  next.onload = () => {
    if (!still()) return;
    image.src = url;
    image.alt = t("Paparan, halaman {n} dari {m}", { n: page.page, m: page.pages });
    void readInto(image, still, `${base}paparan/${page.deck_id}/${page.page}.txt`);
  };
  next.onerror = () => setTimeout(() => still() && fetchInto(image, wanted, url, page, base), AGAIN_MS);
  next.src = url;
}

/** What stands on the page, for who does not see it. @param {HTMLImageElement} image @param {() => boolean} still @param {string} url */
async function readInto(image, still, url) {
  try {
    const answer = await fetch(url);
    // Slides of older releases, and pages that are one picture, have no words.
    const words = answer.ok ? await answer.text() : "";
    if (words && still()) image.alt += `. ${words}`;
  } catch (why) {
    console.warn("words of a page:", why);
  }
}

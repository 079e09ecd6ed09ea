/**
 * How far a batch is that goes on without this page; at its end the page is shown anew.
 */
import { announce } from "../dom.js";

const EVERY_MS = 1000;

/** Follows what `#isi[data-kemajuan]` names while it is `data-berjalan`. @param {string} done said at the end */
export function followProgress(done) {
  const sheet = document.getElementById("isi");
  const address = sheet?.dataset.kemajuan;
  if (sheet?.dataset.berjalan !== undefined && address) void follow(address, done);
}

/** @param {string} from @param {string} done */
async function follow(from, done) {
  const bar = document.getElementById("batang");
  const figure = document.getElementById("angka");
  for (;;) {
    await new Promise((next) => setTimeout(next, EVERY_MS));
    const answer = await fetch(from).catch(() => null);
    if (!answer?.ok) continue;
    const now = await answer.json();
    if (!now.berjalan) break;
    const ready = now.jadi + now.gagal;
    if (bar instanceof HTMLProgressElement) bar.value = ready;
    if (figure) figure.textContent = `${ready} / ${now.semua}`;
  }
  announce(done);
  location.reload();
}

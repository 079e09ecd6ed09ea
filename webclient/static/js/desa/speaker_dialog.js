/**
 * The dialog in which an office says who of its people wants to speak, and about what; a hand and a point of order
 * both begin here. Somebody who is not on the list yet is put down with the same press.
 */
import { announce, el, refill, show } from "../dom.js";
import { newId, Refusal } from "../protocol.js";
import { t } from "../t.js";
import { aboutFields, mayAsk, maySpeak, ownPeople } from "./people.js";

/** @typedef {import("../protocol.js").Wire} Wire */
/** @typedef {{ dialog: HTMLDialogElement, opener: HTMLButtonElement, words: HTMLInputElement, nameId: string, missing: () => string,
 *   busy: (pesertaId: string) => string, send: (pesertaId: string, words: string) => Promise<unknown> }} Asking
 *   words: what it is about; nameId: test id of a new person's name; missing: said when they are empty; busy: why somebody cannot be chosen, or "" */

/** @param {Wire} wire @param {string} seat @param {Asking} asking */
export function speakerDialog(wire, seat, { dialog, opener, words, nameId, missing, busy, send }) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (dialog.querySelector(`[data-part="${name}"]`));
  const who = part("who");
  const whoWrong = part("who-wrong");
  const wordsWrong = part("words-wrong");
  const refused = part("refused");
  const say = (/** @type {string} */ it) => {
    refused.textContent = it;
    show(refused, !!it);
    if (it) announce(it);
  };
  let newName = "";
  const about = aboutFields(dialog.id.replace("-dialog", "-tentang"), false);
  part("about").append(about.more);
  /** @param {import("../room/shapes.js").Peserta} p */
  const why = (p) => mayAsk(p) ? busy(p.peserta_id) : maySpeak(p) ? t("peninjau: bicara bila diminta") : t("tidak diperkenankan bicara");
  const chosen = () => /** @type {HTMLInputElement | null} */ (who.querySelector("input:checked"))?.value;
  const draw = () => {
    const all = ownPeople(wire, seat);
    const kept = chosen();
    const first = kept ?? all.find((p) => why(p) === "")?.peserta_id ?? "baru";
    refill(who,
      ...all.map((p) => el("label", { class: "choice" },
        el("input", { type: "radio", name: `siapa-${dialog.id}`, value: p.peserta_id, checked: p.peserta_id === first, disabled: why(p) !== "", "data-key": p.peserta_id }),
        el("span", null, el("strong", null, p.nama), el("span", { class: "soft small" }, why(p) || p.jabatan)))),
      el("label", { class: "choice" }, el("input", { type: "radio", name: `siapa-${dialog.id}`, value: "baru", checked: first === "baru", "data-key": "baru" }),
        el("span", { class: "grow" }, el("strong", null, t("Orang lain")),
          el("input", { class: "input", maxlength: 120, placeholder: t("Nama"), value: newName, "aria-label": t("Nama peserta baru"), "data-testid": nameId, "data-key": "nama",
            oninput: (/** @type {Event} */ e) => {
              newName = /** @type {HTMLInputElement} */ (e.target).value;
              /** @type {HTMLInputElement} */ (who.querySelector("[value=baru]")).checked = true;
            } }))));
  };
  const showAbout = () => show(part("about"), chosen() === "baru");
  who.addEventListener("input", showAbout);
  opener.addEventListener("click", () => {
    wordsWrong.textContent = whoWrong.textContent = words.value = newName = "";
    say("");
    about.fill();
    who.replaceChildren();
    draw();
    showAbout();
    dialog.showModal();
  });
  wire.subscribe("peserta", () => dialog.open && draw());

  /** @type {HTMLFormElement} */ (dialog.querySelector("form")).addEventListener("submit", async (e) => {
    e.preventDefault();
    let person = chosen() ?? "baru";
    const subject = words.value.trim();
    wordsWrong.textContent = subject ? "" : missing();
    words.setAttribute("aria-invalid", String(!subject));
    whoWrong.textContent = person === "baru" && !newName.trim() ? t("Pilih atau tulis nama yang akan bicara.") : "";
    if (wordsWrong.textContent || whoWrong.textContent) return wordsWrong.textContent && words.focus();
    say(wire.status === "open" ? "" : t("Menyambung lagi…"));
    try {
      if (person === "baru") {
        person = newId();
        await wire.command("register_peserta", { peserta_id: person, seat_id: seat, nama: newName.trim(), jabatan: "", ...about.said() });
      }
      await send(person, subject);
      dialog.close();
    } catch (why) {
      say(why instanceof Refusal ? why.message : t("Belum berhasil; coba lagi."));
    }
  });
}

/**
 * The form "Ubah sesi": its agenda made quick, and the first wrong field in front.
 */
import { readBoot } from "../boot.js";
import { announce } from "../dom.js";
import { t } from "../t.js";
import { agendaEditor } from "./agenda_editor.js";

readBoot();
agendaEditor();
const wrong = document.querySelector("[aria-invalid=true]");
if (wrong instanceof HTMLElement) {
  wrong.focus();
  announce(t("Ada isian yang perlu diperbaiki."));
}

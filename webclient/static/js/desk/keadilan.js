/**
 * The fairness report needs no script but for its print button.
 */
import { byId, show } from "../dom.js";

const print = byId("cetak", HTMLButtonElement);
show(print, true);
print.addEventListener("click", () => window.print());

// What was typed about a usulan that stands on the office's list already.
import assert from "node:assert/strict";
import { test } from "node:test";
import { added } from "../../webclient/static/js/desk/listed.js";

const line = { ucapan: "", judul: "Pasar desa", masalah: "", gagasan: "", dusun: "Krajan", volume: null, perkiraan_biaya: null, opd_tujuan: "" };
const typed = (words) => ({ typed: { pengusul_nama: "Suwarno", ...words } });

test("nothing typed adds nothing", () => {
  assert.deepEqual(added(line, typed({})), {});
});

test("what the list leaves open is filled, its own words stay, and all that was said is kept", () => {
  const draft = typed({ ucapan: "Becek, Pak.", judul: "Pasar becek", masalah: "Banjir", dusun: "Sumberjo", perkiraan_biaya: "Rp 5.000.000" });
  assert.deepEqual(added(line, draft), { masalah: "Banjir", perkiraan_biaya: 5_000_000, ucapan: "Becek, Pak.\nPasar becek" });
  assert.deepEqual(added({ ...line, ucapan: "Dahulu sudah." }, typed({ ucapan: "Becek." })), { ucapan: "Dahulu sudah.\nBecek." });
  assert.deepEqual(added({ ...line, ucapan: "Becek." }, typed({ ucapan: "Becek." })), {}, "sent again after a lost answer");
});

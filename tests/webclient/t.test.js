import assert from "node:assert/strict";
import { test } from "node:test";
import { setCatalogue, t } from "../../webclient/static/js/t.js";

test("Indonesian is the source, a catalogue may replace it, values fill the names", () => {
  assert.equal(t("Urutan ke-{n}", { n: 3 }), "Urutan ke-3");
  assert.equal(t("Tanpa {nilai}"), "Tanpa {nilai}");
  setCatalogue({ "Urutan ke-{n}": "Place {n}", Kosong: "" });
  assert.equal(t("Urutan ke-{n}", { n: 3 }), "Place 3");
  assert.equal(t("Kosong"), "Kosong");
  setCatalogue({});
});

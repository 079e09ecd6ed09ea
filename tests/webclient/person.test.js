import assert from "node:assert/strict";
import { test } from "node:test";
import { correction } from "../../webclient/static/js/person.js";

const ANI = { nama: "Ani", jabatan: "Kaur", unsur: "tani", jenis_kelamin: "P", hak: "" };

test("what was typed is put onto the record as it stands, and what others changed meanwhile stays", () => {
  const meanwhile = { ...ANI, jabatan: "Kepala Dusun", hak: "peninjau" };
  assert.deepEqual(correction({ ...ANI, nama: "Ani S." }, ANI, meanwhile), { ...meanwhile, nama: "Ani S." });
  assert.deepEqual(correction({ ...ANI, hak: "suara" }, ANI, meanwhile), { ...meanwhile, hak: "suara" });
  assert.deepEqual(correction({ ...ANI, jabatan: "" }, ANI, ANI), { ...ANI, jabatan: "" });
});

test("of somebody known by name what was left empty was not asked", () => {
  const empty = { nama: "ani", jabatan: "", unsur: "", jenis_kelamin: "", hak: "" };
  assert.deepEqual(correction({ ...empty, hak: "peninjau" }, empty, ANI), { ...ANI, hak: "peninjau" });
});

// A list as CSV, read on the office's own device.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { BadFile, lineId, linesOf, readList, same } from "../../webclient/static/js/sidang/csv.js";
import { sha1 } from "../../webclient/static/js/sidang/sha1.js";
import { degrees } from "../../webclient/static/js/lengkap.js";

const KODE = "35.10.01.2001";
const read = (text) => readList(new TextEncoder().encode(text).buffer, KODE);

test("a spreadsheet's semicolons, byte order mark, quotes and money are read as people wrote them", () => {
  const { rows, wrong } = read('\uFEFFJudul;Volume;perkiraan_biaya;masalah;kanal;lain\r\n"Jembatan ""gantung""";12,5;Rp 1.250.000;"Putus;\nsejak banjir";kertas;x\r\n\r\nIrigasi;;;;;\r\n');
  assert.deepEqual(wrong, []);
  assert.deepEqual(rows.map(({ judul, volume, perkiraan_biaya, masalah, kanal }) => [judul, volume, perkiraan_biaya, masalah, kanal]),
    [['Jembatan "gantung"', "12,5", "1250000", "Putus; sejak banjir", "susulan"], ["Irigasi", "", "", "", "sidang_desa"]]);
});

test("every line that is wrong is told with its number, as the file counts them", () => {
  const { wrong } = read(`judul,volume,bidang,kode_wilayah,masalah\n"Dua\nbaris",1,,,\n,3,,,\nJalan,tiga,,,\nPasar,,9,,\nEmbung,,,35.10.02.2001,\ndua baris,,,,\nAir,,,,a,b\n`);
  assert.deepEqual(wrong.map(({ baris }) => baris), [4, 5, 6, 7, 8, 9]);
  assert.match(wrong[4].kata, /sudah ada di baris 2/);
});

test("what completes a usulan is read, and refused where the server would refuse it", () => {
  const head = "judul;urgensi;status_lahan;pola;lat;lng;kontak\n";
  const { rows } = read(`${head}Jalan;mendesak;desa;penyedia;-8,2;114.3;0812\n`);
  assert.deepEqual(rows.map(({ urgensi, pola, lat, lng, kontak }) => [urgensi, pola, lat, lng, kontak]), [["mendesak", "penyedia", "-8,2", "114.3", "0812"]]);
  const { wrong } = read(`${head}A;besok;;;;;\nB;;x;;;;\nC;;;x;;;\nD;;;;-8,2;;\nE;;;;8 derajat;1;\nF;;;;91;1;\nG;;;;1;-181;\nH;;;;90;-180;\n`);
  assert.deepEqual(wrong.map(({ baris }) => baris), [2, 3, 4, 5, 6, 7, 8]);
});

test("degrees are numbers as people write them; what is none is kept for the server to refuse", () => {
  assert.deepEqual(["", " -8,2192 ", "\u22128.5", "114", "8 derajat", "1,2,3"].map(degrees), [null, -8.2192, -8.5, 114, "8 derajat", "1,2,3"]);
});

test("what is no list is not read at all", () => {
  for (const text of ["", "nama\nx\n", "judul,judul\nx,y\n", 'judul\n"tak ditutup\n', 'judul\n"a"b\n']) assert.throws(() => read(text), BadFile, text);
  assert.throws(() => readList(new Uint8Array([0x6a, 0xff]).buffer, KODE), BadFile);
  assert.throws(() => read(`judul\n${Array.from({ length: 501 }, (_, i) => `Jalan ${i}`).join("\n")}`), BadFile);
});

test("a last line without its end, and an empty cell at the end, are there", () => {
  assert.deepEqual(linesOf("a,b\nc,").map(({ cells }) => cells), [["a", "b"], ["c", ""]]);
});

test("the id of a line is the one that the server's reader gives it", () => {
  const words = { judul: "Irigasi", dusun: "Krajan ", alamat: "" };
  assert.equal(same(words), "irigasi\nkrajan\n");
  assert.equal(lineId("ruang", KODE, words), "6a1cfcf3-4b00-54a3-b709-3e51c1ef384f");
});

test("digests are those of a kept library, whatever the length", () => {
  for (const length of [0, 1, 54, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const message = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 0xff);
    assert.equal(Buffer.from(sha1(message)).toString("hex"), createHash("sha1").update(message).digest("hex"), String(length));
  }
});

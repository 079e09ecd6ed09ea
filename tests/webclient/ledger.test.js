// An office's own meeting on a device, with a server made of answers and a device that keeps nothing for good.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Ledger } from "../../webclient/static/js/sidang/ledger.js";

globalThis.BroadcastChannel = class {
  addEventListener() {}
  postMessage() {}
};

const line = (more = {}) => ({ id: "n1", judul: "Embung", kontak: "0812", kanal: "sidang_desa", hapus: false, tahap: "draf", putusan: "menunggu", terkunci: false, disebut: 0, version: 1, ...more });
const meeting = (more = {}) => ({
  label: "Sarongan", kelurahan: false, tahun_rencana: 2027, sidang: { version: 0, selesai: false }, urutan: { version: 0, ids: [] },
  hadir: [], usulan: [], pindah: [], hadir_pleno: [], ...more,
});

/** What the server has; ``refuse``: how it answers what is written. @param {{ whole: any, refuse?: any }} has */
function server(has) {
  const asked = [];
  globalThis.fetch = async (url, { method, body }) => {
    if (method === "GET") return { status: 200, ok: true, json: async () => has.whole };
    asked.push(JSON.parse(body));
    const [status, content] = has.refuse(JSON.parse(body));
    return { status, ok: status < 300, json: async () => content };
  };
  return asked;
}

const moved = [409, { code: "moved", title: "Usulan ini sudah dipindahkan ke desa lain.", fields: {} }];

test("what became another desa's leaves the list, and words that were not sent stay on the device", async () => {
  const has = { whole: meeting({ usulan: [line(), line({ id: "n2", judul: "Talud" })] }), refuse: () => moved };
  const asked = server(has);
  const ledger = new Ledger("/s/a/");
  await ledger.refresh();
  ledger.online = false;
  has.whole = meeting({ pindah: ["n1", "n2"] });
  await ledger.write("usulan", "n1", { judul: "Embung desa" });
  await ledger.refresh();
  assert.deepEqual(ledger.list("usulan").map(({ one }) => one), ["n1"]);
  const kept = ledger.get("usulan", "n1");
  assert.deepEqual([kept.state, kept.code, kept.words.judul], ["salah", "moved", "Embung desa"]);
  assert.match(kept.message, /desa lain/);
  assert.equal(asked.length, 1);
  // Whoever has seen it strikes it off, and then it is gone.
  await ledger.write("usulan", "n1", { hapus: "ya" });
  await ledger.refresh();
  assert.deepEqual(ledger.list("usulan"), []);
});

test("a line that was submitted meanwhile is not struck off by a device that did not know", async () => {
  const submitted = line({ version: 2, tahap: "desa", terkunci: true });
  const refuse = ({ version }) => (version === 2 ? [409, { code: "wrong_stage", title: "Sudah lewat.", fields: {} }] : [409, { code: "conflict", title: "", fields: {}, stored: submitted }]);
  const asked = server({ whole: meeting({ usulan: [line()] }), refuse });
  const ledger = new Ledger("/s/a/");
  await ledger.refresh();
  await ledger.write("usulan", "n1", { hapus: "ya" });
  await ledger.send();
  const kept = ledger.get("usulan", "n1");
  assert.deepEqual([kept.state, kept.code, kept.message], ["salah", "wrong_stage", "Sudah lewat."]);
  assert.deepEqual(asked.map(({ version }) => version), [1, 2]);
  await ledger.write("usulan", "n1", { hapus: "" });
  assert.equal(kept.state, "terkirim", "put back on the list, it is as the server has it");
  await ledger.send();
});

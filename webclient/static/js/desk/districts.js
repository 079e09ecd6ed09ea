/**
 * Offices under their kecamatan, found by their names: rows `data-cari` in each `.district` of `#daftar`.
 */
import { show } from "../dom.js";

export function searchDistricts() {
  const box = document.getElementById("cari-kotak");
  const search = document.getElementById("cari");
  if (!box || !(search instanceof HTMLInputElement)) return;
  show(box, true);
  search.addEventListener("input", () => {
    const wanted = search.value.trim().toLowerCase();
    for (const district of document.querySelectorAll("#daftar .district")) {
      let found = false;
      for (const row of district.querySelectorAll("[data-cari]")) {
        const fits = (row.getAttribute("data-cari") ?? "").toLowerCase().includes(wanted);
        show(row, fits);
        found ||= fits;
      }
      show(district, found);
      if (wanted && district instanceof HTMLDetailsElement) district.open = found;
    }
  });
}

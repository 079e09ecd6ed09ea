"""A sheet to copy into SIPD: usulan alone, in the order in which its form asks.

The order and the names are our reading of SIPD RI's form "Usulan Musrenbang" (the field guide of Ditjen Bina
Pembangunan Daerah names the fields, not their columns); nothing in SIPD reads this file by itself. Whoever
types row by row goes from left to right. Change the tuple when the form changes; nothing else knows it.
"""

from server.i18n import N_
from server.planning.bidang import SUB_BIDANG
from server.planning.export import Column

SIPD: tuple[Column, ...] = (
    Column("tahun_rencana", N_("Tahun"), 8, lambda n, _: n.tahun_rencana),
    Column("", N_("Pengusul"), 28, lambda n, _: n.pengusul_nama or n.label),
    Column("sub_bidang", N_("Sub-bidang"), 28, lambda n, _: SUB_BIDANG.get(n.sub_bidang, "")),
    Column("masalah", N_("Permasalahan"), 40, lambda n, _: n.masalah or n.ucapan),
    Column("", N_("Usulan"), 40, lambda n, _: n.gagasan or n.judul or n.ucapan),
    Column("kecamatan", N_("Kecamatan"), 16, lambda n, _: n.kecamatan),
    Column("label", N_("Desa/Kelurahan"), 28, lambda n, _: n.label),
    Column("kode_wilayah", N_("Kode wilayah"), 14, lambda n, _: n.kode_wilayah),
    Column("", N_("Alamat"), 30, lambda n, _: ", ".join(part for part in (n.dusun, n.alamat) if part)),
    Column("volume", N_("Volume"), 10, lambda n, _: n.volume),
    Column("satuan", N_("Satuan"), 10, lambda n, _: n.satuan),
    Column("perkiraan_biaya", N_("Anggaran (Rp)"), 18, lambda n, _: n.perkiraan_biaya),
    Column("opd_tujuan", N_("SKPD tujuan"), 24, lambda n, _: n.opd_tujuan),
    Column("nomor_sipd", N_("Nomor SIPD"), 18, lambda n, _: n.nomor_sipd),
    Column("id", N_("Nomor catatan"), 36, lambda n, _: n.id),
)

"""What an office chooses from when it completes an usulan: code -> what people read.

The field names the last three without their values; these are our reading of what the forms of RKPDes and the
verifiers' reasons ask for. Codes are what is stored; add to the lists rather than change them.
"""

from collections.abc import Mapping

from server.i18n import N_

SUMBER_DANA: Mapping[str, str] = {
    "pades": N_("PADes"),
    "dd": N_("Dana Desa"),
    "add": N_("ADD"),
    "bhpr": N_("BHPR"),
    "bankeu_provinsi": N_("Bantuan keuangan provinsi"),
    "bankeu_kabupaten": N_("Bantuan keuangan kabupaten"),
    "hibah": N_("Hibah"),
    "swadaya": N_("Swadaya"),
    "lain": N_("Lain-lain"),
}
URGENSI: Mapping[str, str] = {
    "biasa": N_("Biasa"),
    "mendesak": N_("Mendesak"),
    "sangat_mendesak": N_("Sangat mendesak"),
}
STATUS_LAHAN: Mapping[str, str] = {
    "desa": N_("Tanah desa atau kelurahan"),
    "daerah": N_("Milik pemerintah daerah"),
    "hibah": N_("Dihibahkan warga"),
    "wakaf": N_("Wakaf"),
    "pribadi": N_("Milik pribadi"),
    "instansi_lain": N_("Aset instansi lain"),
    "sengketa": N_("Dalam sengketa"),
}
POLA: Mapping[str, str] = {
    "swakelola": N_("Swakelola"),
    "antar_desa": N_("Kerja sama antardesa"),
    "penyedia": N_("Melalui penyedia"),
}
"""*Pola pelaksanaan*: who is to carry it out."""

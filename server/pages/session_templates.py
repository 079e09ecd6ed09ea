"""What a new session of each kind begins with: its usual course, how long one speaks, its order and quorum.

Pure. What a kind needs follows custom and may be changed in the form; nothing here decides anything later.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rooms.meeting.vocabulary import ItemKind, Kuorum, Urutan
from server.i18n import N_
from server.pages.session_choices import USUAL


@dataclass(frozen=True, slots=True)
class Template:
    nama: str
    baris: str
    """One line for who chooses."""
    acara: tuple[tuple[ItemKind, str], ...]
    turn_limit_menit: int = 3
    aturan: Mapping[str, str] = field(default_factory=dict)
    """Where it differs from ``session_choices.USUAL``."""
    camat: bool = False

    @property
    def rules(self) -> dict[str, str]:
        return dict(USUAL) | dict(self.aturan)


TEMPLATES: Mapping[str, Template] = {
    "musrenbang_desa": Template(
        N_("Musrenbang desa/kelurahan"),
        N_("Pleno serentak: arahan bupati, lalu dialog dengan satu kantor tiap kecamatan menurut naskah."),
        (
            (ItemKind.SEREMONI, "Pembukaan: Indonesia Raya dan doa"),
            (ItemKind.PAPARAN, "Arahan Bupati"),
            (ItemKind.DIALOG, "Dialog dengan desa dan kelurahan"),
            (ItemKind.PENUTUP, "Penutup"),
        ),
        camat=True,
    ),
    "musrenbang_kecamatan": Template(
        N_("Musrenbang kecamatan"),
        N_("Camat memimpin; semua desa satu kecamatan berdialog dan sepakat tentang prioritasnya."),
        (
            (ItemKind.SEREMONI, "Pembukaan"),
            (ItemKind.PAPARAN, "Paparan camat dan pagu indikatif"),
            (ItemKind.DIALOG, "Usulan tiap desa dan kelurahan"),
            (ItemKind.DIALOG, "Pembahasan prioritas kecamatan"),
            (ItemKind.PENUTUP, "Pembacaan kesepakatan dan penutup"),
        ),
        5,
        {"kuorum": Kuorum.DUA_PERTIGA, "urutan": Urutan.DETIK_ADIL},
    ),
    "forum_perangkat_daerah": Template(
        N_("Forum perangkat daerah"),
        N_("Perangkat daerah membahas usulan dari kecamatan; yang lain menanggapi."),
        (
            (ItemKind.SEREMONI, "Pembukaan"),
            (ItemKind.PAPARAN, "Rancangan rencana kerja perangkat daerah"),
            (ItemKind.DIALOG, "Pembahasan usulan kecamatan"),
            (ItemKind.PENUTUP, "Pembacaan kesepakatan dan penutup"),
        ),
        5,
        {"urutan": Urutan.DATANG, "kuorum": Kuorum.LEBIH_SETENGAH},
        camat=True,
    ),
    "musrenbang_kabupaten": Template(
        N_("Musrenbang kabupaten"),
        N_("Bupati dan semua kecamatan: paparan rancangan RKPD, dialog, dan kesepakatan."),
        (
            (ItemKind.SEREMONI, "Pembukaan: Indonesia Raya dan doa"),
            (ItemKind.PAPARAN, "Laporan Bappeda"),
            (ItemKind.PAPARAN, "Arahan Bupati"),
            (ItemKind.DIALOG, "Dialog dan tanggapan"),
            (ItemKind.PENUTUP, "Pembacaan berita acara dan penutup"),
        ),
        camat=True,
    ),
    "besanan": Template(
        N_("Besanan"),
        N_("Rembug ringan satu kecamatan: siapa pun boleh mengangkat tangan, topik demi topik."),
        (
            (ItemKind.SEREMONI, "Salam dan pembukaan"),
            (ItemKind.DIALOG, "Topik pertama"),
            (ItemKind.DIALOG, "Topik kedua"),
            (ItemKind.PENUTUP, "Rangkuman dan tindak lanjut"),
        ),
        3,
        {"urutan": Urutan.DATANG, "kuorum": Kuorum.TIDAK_DIHITUNG, "penuaan": "10"},
    ),
    "sinau_bareng": Template(
        N_("Sinau Bareng Pemdes"),
        N_("Belajar bersama tiap triwulan: materi, tanya jawab, praktik baik antar desa."),
        (
            (ItemKind.SEREMONI, "Pembukaan"),
            (ItemKind.PAPARAN, "Hasil survei kebutuhan belajar"),
            (ItemKind.PAPARAN, "Materi"),
            (ItemKind.DIALOG, "Tanya jawab dan praktik baik"),
            (ItemKind.PENUTUP, "Evaluasi dan penutup"),
        ),
        3,
        {"urutan": Urutan.TERSEDIKIT, "kuorum": Kuorum.TIDAK_DIHITUNG},
    ),
    "kenduren_mas": Template(
        N_("Kenduren Mas"),
        N_("Layanan keliling mendengar warga: dari satu gerai ke gerai berikut, tanpa naskah panjang."),
        (
            (ItemKind.SEREMONI, "Pembukaan"),
            (ItemKind.DIALOG, "Suara warga dari tiap gerai"),
            (ItemKind.PAPARAN, "Jawaban perangkat daerah"),
            (ItemKind.PENUTUP, "Penutup"),
        ),
        2,
        {"urutan": Urutan.DATANG, "kuorum": Kuorum.TIDAK_DIHITUNG, "penuaan": "5"},
    ),
}
"""By ``jenis_sesi``; the order is that of the form."""

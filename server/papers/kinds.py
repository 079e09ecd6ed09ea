"""Which papers there are: what each is called, its template, the words in it that may be edited, who signs.

What stands here is Bahasa Indonesia as it is printed. Who signs and what is said around the lists follows
custom, not a quoted law: no article is cited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from server.i18n import N_


class Jenis(StrEnum):
    NOTULEN = "notulen"
    DAFTAR_HADIR = "daftar_hadir"
    DAFTAR_USULAN = "daftar_usulan"
    SIARAN_PERS = "siaran_pers"
    BERITA_ACARA = "berita_acara"
    """One for each office; all the others are one for the session."""


OF_THE_SESSION = tuple(jenis for jenis in Jenis if jenis is not Jenis.BERITA_ACARA)
WHOLE = ""
"""Stands for a seat in the papers of the whole session."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that the Panitia may put differently, for one session."""

    label: str
    usual: str
    """``{tahun}`` stands for the planned year, ``{judul}`` for the session's name, ``{tanggal}`` for its day,
    in a berita acara ``{kantor}`` for the office."""


@dataclass(frozen=True, slots=True)
class Kind:
    judul: str
    bentuk: int
    """Grows when the template says something else with the same data."""
    paragraphs: Mapping[str, Paragraph]


KINDS: Mapping[Jenis, Kind] = {
    Jenis.NOTULEN: Kind(
        N_("Notulen Pleno"),
        1,
        {
            "pembuka": Paragraph(
                N_("Kalimat pembuka"),
                "Pada hari {tanggal} telah diselenggarakan {judul} dalam rangka penyusunan rencana tahun"
                " {tahun}. Jalannya rapat dicatat sebagai berikut.",
            ),
            "penutup": Paragraph(
                N_("Kalimat penutup"), "Demikian notulen ini dibuat untuk dipergunakan sebagaimana mestinya."
            ),
        },
    ),
    Jenis.DAFTAR_HADIR: Kind(N_("Daftar Hadir"), 1, {}),
    Jenis.DAFTAR_USULAN: Kind(N_("Daftar Usulan"), 1, {}),
    Jenis.SIARAN_PERS: Kind(
        N_("Siaran Pers"),
        1,
        {
            "judul_berita": Paragraph(
                N_("Judul berita"), "{judul}: suara desa langsung menjadi usulan tercatat"
            ),
            "pengantar": Paragraph(
                N_("Paragraf pertama"),
                "{tanggal} – {judul} mempertemukan pimpinan daerah dengan kantor desa dan kelurahan secara"
                " daring untuk menyusun rencana tahun {tahun}.",
            ),
            "kutipan": Paragraph(N_("Kutipan pimpinan (kosongkan bila tidak ada)"), ""),
            "kontak": Paragraph(N_("Narahubung media"), "Narahubung media: "),
        },
    ),
    Jenis.BERITA_ACARA: Kind(
        N_("Berita Acara"),
        1,
        {
            "pembuka": Paragraph(
                N_("Kalimat pembuka"),
                "Berkaitan dengan penyusunan rencana pembangunan tahun {tahun}, telah diselenggarakan"
                " musyawarah perencanaan pembangunan di {kantor} sebagaimana tersebut di bawah ini.",
            ),
            "kesepakatan": Paragraph(
                N_("Kalimat sebelum kesepakatan"),
                "Setelah memperhatikan paparan, masukan dan tanggapan para peserta, musyawarah menyepakati:",
            ),
            "penutup": Paragraph(
                N_("Kalimat penutup"),
                "Demikian berita acara ini dibuat dan disahkan untuk dipergunakan sebagaimana mestinya.",
            ),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Signer:
    kode: str
    jabatan: str


_SESSION_SIGNERS: Mapping[Jenis, tuple[Signer, ...]] = {
    Jenis.NOTULEN: (Signer("pimpinan", N_("Pimpinan rapat")), Signer("notulis", N_("Notulis"))),
    Jenis.DAFTAR_HADIR: (Signer("panitia", N_("Panitia")),),
    Jenis.DAFTAR_USULAN: (Signer("panitia", N_("Panitia")),),
    Jenis.SIARAN_PERS: (),
}
_DESA = (
    Signer("ketua_bpd", N_("Ketua BPD")),
    Signer("kepala_desa", N_("Kepala Desa")),
    Signer("wakil_masyarakat", N_("Wakil masyarakat")),
)
_KELURAHAN = (
    Signer("lurah", N_("Lurah")),
    Signer("ketua_lpmk", N_("Ketua LPMK")),
    Signer("wakil_masyarakat", N_("Wakil masyarakat")),
)

JABATAN: Mapping[str, str] = {
    signer.kode: signer.jabatan for some in (*_SESSION_SIGNERS.values(), _DESA, _KELURAHAN) for signer in some
}
"""Kode of a signer -> who that is."""


def signers(jenis: Jenis, *, kelurahan: bool = False) -> tuple[Signer, ...]:
    if jenis is Jenis.BERITA_ACARA:
        return _KELURAHAN if kelurahan else _DESA
    return _SESSION_SIGNERS[jenis]

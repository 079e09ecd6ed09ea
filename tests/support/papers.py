"""The papers of ``tests.support.pleno`` as data."""

from dataclasses import replace
from datetime import date

from rooms.ids import SeatId
from server.papers import said
from server.papers.account import Account, account
from server.papers.berita_acara import Rapat, berita_acara, title
from server.papers.daftar import daftar_hadir, daftar_usulan
from server.papers.kinds import Jenis
from server.papers.notulen import notulen
from server.papers.paper import Data, paper
from server.papers.said import Note
from server.papers.siaran_pers import siaran_pers
from server.planning.closed import spoken_in
from server.store.sidang import Hadir, Pokok
from server.store.wilayah import Desa, Kecamatan
from tests.support import pleno

DESA = Desa(pleno.SARONGAN, "desa", "Sarongan", Kecamatan("35.10.01", "Pesanggaran"))
KELURAHAN = Desa(pleno.PAKIS, "kelurahan", "Pakis", Kecamatan("35.10.16", "Banyuwangi"))
REASONS = {"n3": "bukan kewenangan kabupaten"}


RAPAT = Rapat(
    Pokok(
        nomor="411/12/2027",
        tanggal=date(2027, 1, 14),
        jam_mulai="09:15",
        jam_selesai="12:00",
        tempat="Aula kelurahan",
        pimpinan="Hadi Pranoto",
        notulis="Endang",
        narasumber="Camat Banyuwangi",
        materi="Pagu kelurahan\nPrioritas tahun lalu",
        cara="mufakat",
    ),
    (
        Hadir("h1", "Siti Aminah", "P", "perempuan", "Ketua TP PKK", "RW 2", "suara", hapus=False, version=1),
        Hadir("h2", "Keliru Ditulis", "L", "", "", "", "suara", hapus=True, version=2),
        Hadir("h3", pleno.HOSTILE, "L", "tani", "", "", "bicara", hapus=False, version=1),
    ),
    ("daftar1", "daftar2", "n7"),
)
"""The kelurahan's own meeting; two lines of its list, one struck off, and what was said in the pleno."""


def on_the_list(like: Note) -> list[Note]:
    first = replace(like.note, id="daftar1", judul="Taman bermain RW 2", penyebutan=(), kanal="sidang_desa")
    gone = replace(first, id="daftar2", judul="Dihapus dari daftar", putusan="dibatalkan")
    return [Note(gone, None, closed=False), Note(first, None, closed=False)]


def held() -> tuple[Account, list[Note]]:
    told = account(pleno.entries())
    notes = pleno.notes()
    closed = [n.id for n in notes if spoken_in(n, {pleno.ROOM: told.closed_spans})]
    return told, said.readable(notes, pleno.ROOM, closed)


def papers() -> dict[str, Data]:
    """File name -> data; a berita acara for a desa and one for a kelurahan."""
    told, notes = held()
    contents: dict[Jenis, object] = {
        Jenis.NOTULEN: notulen(told, pleno.SESI, notes, {"notulis": "Rina W."}),
        Jenis.DAFTAR_HADIR: daftar_hadir(told),
        Jenis.DAFTAR_USULAN: daftar_usulan(notes),
        Jenis.SIARAN_PERS: siaran_pers(told, pleno.SESI, notes),
    }
    kata, nama = {"kutipan": f"“{pleno.HOSTILE}”"}, {"notulis": "Rina W."}
    made = {
        str(jenis): paper(jenis, pleno.SESI, isi, kata=kata, nama=nama) for jenis, isi in contents.items()
    }
    for desa in (DESA, KELURAHAN):
        mine = [note for note in notes if note.note.kode_wilayah == desa.kode]
        own = desa is KELURAHAN
        mine += on_the_list(mine[0]) if own else []
        made[f"berita_acara.{desa.jenis}"] = paper(
            Jenis.BERITA_ACARA,
            pleno.SESI,
            berita_acara(told, pleno.SESI, SeatId(desa.kode), desa, mine, REASONS, RAPAT if own else Rapat()),
            kata={},
            nama={"kepala_desa": "Suparman"},
            kantor=title(desa),
            kelurahan=desa.jenis == "kelurahan",
        )
    return made

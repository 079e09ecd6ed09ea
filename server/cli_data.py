"""``rembug wilayah``, ``rembug kamus``, ``rembug hapus``: what comes and goes by the terminal."""

import sys
import uuid
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Annotated, Protocol, TypeVar

import typer

from rooms.ids import RoomId
from server.attachments.files import Files
from server.erasure import Erased, Eraser
from server.planning.errors import NotFound
from server.planning.impor import BadFile, Hasil
from server.planning.impor_wilayah import read_wilayah
from server.planning.kamus import read_kamus
from server.store.engine import Database
from server.store.kamus import Kamus
from server.store.wilayah import Taken, Wilayah
from server.terminal import DataDir, given_settings, now, run, with_database

Row = TypeVar("Row")
Row_contra = TypeVar("Row_contra", contravariant=True)

wilayah = typer.Typer(no_args_is_help=True, help="Daftar desa dan kelurahan.")


@wilayah.command()
def impor(
    berkas: Annotated[Path, typer.Argument(help="CSV dengan kolom kode, nama, kecamatan_nama.")],
    coba: Annotated[bool, typer.Option("--coba", help="Periksa saja; tidak ada yang disimpan.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Ambil daftar wilayah sebuah kabupaten, seluruhnya atau tidak sama sekali; saat server berhenti."""
    _take_over(berkas, read_wilayah, lambda database: Wilayah(database).take_over, coba, data_dir)


kamus = typer.Typer(no_args_is_help=True, help="Kamus usulan.")


@kamus.command(name="impor")
def impor_kamus(
    berkas: Annotated[Path, typer.Argument(help="CSV dengan kolom kode, nama; boleh satuan, bidang, opd.")],
    coba: Annotated[bool, typer.Option("--coba", help="Periksa saja; tidak ada yang disimpan.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Ambil kamus usulan menggantikan yang lama, seluruhnya atau tidak sama sekali; saat server berhenti."""
    _take_over(berkas, read_kamus, lambda database: Kamus(database).take_over, coba, data_dir)


hapus = typer.Typer(
    no_args_is_help=True,
    help="Hapus kata-kata orang atas permintaannya (pelindungan data pribadi), saat server berhenti.",
)
Alasan = Annotated[str, typer.Option(help="Dasarnya, misalnya nomor surat permintaan; tercatat di riwayat.")]


@hapus.command()
def catatan(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Ada di alamat halaman usulan itu.")],
    alasan: Alasan,
    data_dir: DataDir = None,
) -> None:
    """Kata-kata, foto dan berkas satu catatan."""
    _erase(data_dir, lambda eraser: eraser.note(id_, why=alasan, at=now()))


@hapus.command()
def orang(
    sesi: Annotated[str, typer.Argument(help="Ada di alamat halaman sesi itu.")],
    nama: Annotated[str, typer.Argument(help="Seperti tercatat di daftar hadir.")],
    alasan: Alasan,
    data_dir: DataDir = None,
) -> None:
    """Nama, jabatan, pokok bicara dan alasan seorang peserta sebuah sesi."""
    _erase(data_dir, lambda eraser: eraser.person(RoomId(sesi), nama, why=alasan, at=now()))


@hapus.command()
def pindaian(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Disebut oleh perintah hapus yang lain.")],
    alasan: Alasan,
    data_dir: DataDir = None,
) -> None:
    """Satu pindaian dokumen bertanda tangan; riwayat dokumennya mencatat bahwa ia dihapus dan mengapa."""

    async def erase(eraser: Eraser) -> None:
        gone = await eraser.scan(id_, why=alasan, at=now())
        print(f"Terhapus: pindaian {gone.jenis} {gone.seat_id or 'seluruh sesi'} dari sesi {gone.room_id}.")
        print(f"Tidak disentuh:\n- {_BACKUPS}")

    _with_eraser(data_dir, erase)


class TakeOver(Protocol[Row_contra]):
    async def __call__(self, rows: Iterable[Row_contra], /, *, trial: bool) -> Taken: ...


def _take_over(
    berkas: Path,
    read: Callable[[Path, Callable[[int], None]], Hasil[Row]],
    into: Callable[[Database], TakeOver[Row]],
    coba: bool,
    data_dir: Path | None,
) -> None:
    try:
        found = read(berkas, lambda n: print(f"... {n} baris diperiksa", file=sys.stderr))
    except (BadFile, OSError) as error:
        print(f"rembug: {berkas}: {error}", file=sys.stderr)
        raise typer.Exit(1) from error
    for wrong in found.salah:
        print(f"baris {wrong.baris}: {wrong.kata}", file=sys.stderr)
    if found.banyak_salah or not found.rows:
        told = f"{found.banyak_salah} baris keliru" if found.rows or found.salah else "tidak ada baris"
        print(f"rembug: {berkas}: {told}; tidak ada yang disimpan.", file=sys.stderr)
        raise typer.Exit(1)

    async def work(database: Database) -> None:
        taken = await into(database)(found.rows, trial=coba)
        told = f"{taken.new} baru, {taken.changed} berubah, {taken.same} tetap"
        print(f"{told}. Hanya dicoba: tidak ada yang disimpan." if coba else f"{told}. Tersimpan.")

    run(lambda: with_database(given_settings(data_dir=data_dir), work))


_BACKUPS = (
    "Cadangan yang dibuat sebelum ini: ganti dengan yang baru; bila kelak yang lama dipulihkan, ulangi ini."
)
_RECORDINGS = (
    "Rekaman: dengarkan replay sesinya; detik yang harus hilang ditutup di Meja Operator"
    " (Tutup bagian rekaman)."
)


def _erase(data_dir: Path | None, erase: Callable[[Eraser], Awaitable[Erased]]) -> None:
    async def work(eraser: Eraser) -> None:
        done = await erase(eraser)
        print(
            f"Terhapus: {done.catatan} catatan, {done.jurnal} baris jurnal, {done.sidang} baris sidang desa,"
            f" {done.berkas} foto dan berkas."
            f" {done.dokumen} dokumen dibuat ulang saat server berjalan lagi."
        )
        print(f"Tidak disentuh:\n- {_BACKUPS}\n- {_RECORDINGS}")
        if done.pindaian:
            print("- Pindaian bertanda tangan yang mungkin memuatnya; lihatlah di Dokumen, lalu yang perlu:")
        for one in done.pindaian:
            where = f"{one.jenis} {one.seat_id or 'seluruh sesi'}, sesi {one.room_id}"
            print(f"  rembug hapus pindaian {one.id} --alasan ...   ({where})")
        if done.surat:
            print(
                "- Surat pengantar atau RAB yang mungkin memuatnya; yang perlu dihapus di halaman usulannya:"
            )
        for id_ in done.surat:
            print(f"  usulan/{id_}")

    _with_eraser(data_dir, work)


def _with_eraser(data_dir: Path | None, work: Callable[[Eraser], Awaitable[None]]) -> None:
    settings = given_settings(data_dir=data_dir)

    async def erase(database: Database) -> None:
        photos, papers = Files(settings.foto_dir), Files(settings.papers_dir)
        try:
            await work(Eraser(database, photos, papers, lambda: str(uuid.uuid4()), by="rembug hapus"))
        except NotFound as error:
            raise OSError(f"tidak ditemukan: {error}") from error

    run(lambda: with_database(settings, erase))

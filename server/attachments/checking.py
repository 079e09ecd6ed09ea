"""Takes files from outside: bounded in bytes before, checked in a process of its own after (``checker``)."""

import asyncio
import itertools
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Literal

from server.i18n import N_

MOST_BYTES = 15 * 1024 * 1024
MOST_DECK_BYTES = 60 * 1024 * 1024
TIME_S = 60
DECK_TIME_S = 400
AT_ONCE = asyncio.Semaphore(1)
DECKS_AT_ONCE = asyncio.Semaphore(1)
"""Slides take a while, and no photo waits for them."""
REASONS: Mapping[str, str] = {
    "kind": N_("Berkas itu bukan PDF, JPEG atau PNG."),
    "broken": N_("Berkas itu rusak atau terkunci; pindai lagi lalu coba lagi."),
    "locked": N_("Berkas itu terkunci dengan kata sandi; simpan tanpa kata sandi lalu coba lagi."),
    "pages": N_("Berkas itu kosong atau lebih dari 60 halaman."),
    "pixels": N_("Gambar itu terlalu besar; pindai dengan kerapatan lebih rendah."),
    "size": N_("Berkas itu lebih dari 15 MB."),
    "none": N_("Pilih berkasnya dulu."),
}
"""Of scans."""
OF_PHOTOS: Mapping[str, str] = {
    **REASONS,
    "kind": N_("Berkas itu bukan foto JPEG atau PNG."),
    "broken": N_("Foto itu rusak; ambil lagi lalu coba lagi."),
    "pixels": N_("Foto itu terlalu besar; ambil dengan ukuran lebih kecil."),
    "size": N_("Foto itu lebih dari 15 MB."),
    "none": N_("Pilih fotonya dulu."),
}


OF_DECKS: Mapping[str, str] = {
    **REASONS,
    "kind": N_("Berkas itu bukan PDF. Simpan paparan sebagai PDF lalu coba lagi."),
    "broken": N_("Berkas itu rusak; simpan lagi sebagai PDF lalu coba lagi."),
    "pages": N_("Berkas itu kosong atau lebih dari 200 halaman."),
    "pixels": N_("Ada halaman yang terlalu panjang untuk ditayangkan."),
    "size": N_("Berkas itu lebih dari 60 MB."),
}


class Unfit(Exception):
    """``code``: of ``REASONS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Checked:
    pages: int
    suffix: str
    """``pdf``, ``jpg``, ``png`` or ``webp``."""
    parts: tuple[bytes, ...]
    """What to keep; of a photo the picture and the small one, of each page of a deck these and its text."""


async def check(file: BinaryIO, what: Literal["scan", "photo"]) -> Checked:
    """A file on the disk, so that it does not lie in memory while others are looked at. Raises Unfit."""
    _measure(file, MOST_BYTES)
    async with AT_ONCE:
        return await _checked(what, file, TIME_S)


async def check_deck(file: BinaryIO) -> Checked:
    """Slides. Raises Unfit."""
    _measure(file, MOST_DECK_BYTES)
    async with DECKS_AT_ONCE:
        return await _checked("deck", file, DECK_TIME_S)


def _measure(file: BinaryIO, most: int) -> None:
    size_bytes = os.fstat(file.fileno()).st_size
    if not size_bytes:
        raise Unfit("none")
    if size_bytes > most:
        raise Unfit("size")


async def _checked(what: str, file: BinaryIO, time_s: float) -> Checked:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.attachments.checker",
        what,
        stdin=file.fileno(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        out, said = await asyncio.wait_for(process.communicate(), time_s)
    except TimeoutError as error:
        raise Unfit("broken") from error
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        code = said.decode(errors="replace")
        raise Unfit(code if process.returncode == 2 and code in REASONS else "broken")
    head, _, kept = out.partition(b"\n")
    pages, suffix, *lengths = head.decode().split()
    ends = list(itertools.accumulate(map(int, lengths), initial=0))
    return Checked(int(pages), suffix, tuple(kept[a:b] for a, b in itertools.pairwise(ends)))

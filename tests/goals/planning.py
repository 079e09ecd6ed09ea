"""``make goal-planning [N=100000]``: the planning lists beside 1,000 and beside N notes, on SQLite.

The notes are those of 217 desa over four years, in the words of a few hundred; they are written as an older
release stored them and then brought forward by the real migration. Each operation is what a page asks of
``server.planning``: ``list`` (the newest, with facets and total), ``filter`` (a kecamatan and a bidang),
``search_common`` and ``search_rare`` (a word of every eighth note; of three), ``deep`` (the page after the
thousandth), ``desa``, ``open`` (one with its history), ``similar`` and ``similar_common`` (what may be the
same as what is typed, by a rare word and by common ones alone). Figures: ``worst_median_ms`` of them at N;
``growth``, the worst of their medians at N over those at 1,000, of those that show as many notes at both (a
``desa`` has four of the thousand); ``export_mb``, how much more memory exporting 10,000 to XLSX takes at its
peak than exporting 1,000, and ``export_rss_mb`` the same of a whole process. ``SABOTAGE=1`` drops the
indexes, gathers the whole export first, and must end with ``ok: false``.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from pathlib import Path

from sqlalchemy import text

from server.planning.bidang import SUB_BIDANG, bidang_of
from server.planning.daftar import Daftar
from server.planning.export import Sheet
from server.planning.mirip import Mirip
from server.planning.notebook import Notebook
from server.store.catatan import Catatan, Cursor, Filter
from server.store.engine import Database
from server.store.migrations import migrate
from server.store.wilayah import Wilayah
from tests.support.goal import report, sabotaged, size

ROUNDS = 25
SHORT = 1_000
EXPORTED = 10_000
PLACE = "35.10.24.2008"
ROOM = (
    "INSERT INTO rooms (room_id, title, tanggal, jenis_sesi, tahun_rencana, status, created_at)"
    " VALUES ('pleno', 'Musrenbang', '2026-01-15', 'musrenbang_desa', 2027, 'ditutup', 0)"
)
THINGS = ("jembatan", "jalan", "irigasi", "posyandu", "sekolah", "embung", "talud", "sumur")
NOTE = text(
    "INSERT INTO catatan (id, room_id, body_hash, jenis, tahun_rencana, kode_wilayah, ucapan, judul, masalah,"
    " gagasan, bidang, sub_bidang, dusun, alamat, satuan, sumber_dana, opd_tujuan, pengusul_nama,"
    " pengusul_jabatan, kanal, tahap, putusan, penanggung_jawab, status_tindak_lanjut, version, created_at,"
    " created_by) VALUES (:id, 'pleno', :digest, :jenis, :tahun, :kode, :ucapan, :judul, '', '', :bidang,"
    " :sub, :dusun, '', '', '', '', '', '', 'langsung', :tahap, 'menunggu', '', '', 1, :at, 'N')"
)
CHANGE = text(
    "INSERT INTO riwayat_usulan (catatan_id, at, by, field, old, new, note)"
    " VALUES (:id, :at, 'N', 'dibuat', '', :jenis, '')"
)


def notes(count: int, desa: list[str]) -> list[dict[str, object]]:
    chance = random.Random(1)
    places = [f"dusun{n}" for n in range(400)]
    made: list[dict[str, object]] = []
    for number in range(count):
        jenis = chance.choice(("usulan", "usulan", "usulan", "keluhan", "pertanyaan", "arahan"))
        sub = chance.choice((*SUB_BIDANG, ""))
        thing, place = THINGS[number % len(THINGS)], chance.choice(places)
        rare = " mercusuar" if number in (7, count // 2, count - 9) else ""
        made.append(
            {
                "id": f"n{number}", "digest": b"d", "jenis": jenis, "tahun": 2024 + number * 4 // count,
                "kode": chance.choice(desa), "judul": f"{thing} {place}{rare}", "bidang": bidang_of(sub),
                "ucapan": f"Kami mohon {thing} di {place}, Pak, sudah {chance.randrange(20)} tahun rusak.",
                "sub": sub, "dusun": place, "at": number * 60_000,
                "tahap": chance.choice(("catatan_langsung", "draf")) if jenis == "usulan" else "",
            }
        )  # fmt: skip
    return made


def address(folder: Path, count: int) -> str:
    return f"sqlite:///{folder / f'{count}.db'}"


async def opened(folder: Path, count: int) -> Database:
    database = await Database.open(address(folder, count))
    await migrate(database, "0003")
    await Wilayah(database).seed()
    made = notes(count, [desa.kode for desa in await Wilayah(database).desa()])
    async with database.write() as connection:
        await connection.execute(text(ROOM))
        for start in range(0, count, 5_000):
            await connection.execute(NOTE, made[start : start + 5_000])
            await connection.execute(CHANGE, made[start : start + 5_000])
    await migrate(database)
    if sabotaged():
        async with database.write() as connection:
            for index in ("created_at_id", "kecamatan_kode_created_at_id", "kode_wilayah"):
                await connection.execute(text(f"DROP INDEX ix_catatan_{index}"))
    return database


def operations(database: Database, count: int) -> dict[str, Callable[[], Awaitable[object]]]:
    daftar, notebook, mirip = Daftar(database), Notebook(database), Mirip(database)
    deep = Cursor((count * 9 // 10) * 60_000, f"n{count * 9 // 10}")
    return {
        "list": lambda: daftar.page(Filter()),
        "filter": lambda: daftar.page(Filter(kecamatan="35.10.24", bidang="2", tahun_rencana=2025)),
        "search_common": lambda: daftar.page(Filter(q="jembatan")),
        "search_rare": lambda: daftar.page(Filter(q="mercusuar jem")),
        "deep": lambda: daftar.page(Filter(after=deep)),
        "desa": lambda: daftar.page(Filter(kode_wilayah=PLACE)),
        "open": lambda: notebook.get(f"n{count // 2}"),
        "similar": lambda: mirip.like("Mohon perbaikan jembatan dusun17 yang rusak", kode_wilayah=PLACE),
        "similar_common": lambda: mirip.like("jembatan dan sekolah kami", kode_wilayah=PLACE),
    }


async def measured(databases: dict[int, Database]) -> dict[int, dict[str, float]]:
    """Median ms of each operation; the databases take turns."""
    asked = {count: operations(database, count) for count, database in databases.items()}
    spent: dict[int, dict[str, list[float]]] = {
        count: {name: [] for name in operations} for count, operations in asked.items()
    }
    for _ in range(ROUNDS):
        for count, named in asked.items():
            for name, ask in named.items():
                start = time.perf_counter()
                await ask()
                spent[count][name].append((time.perf_counter() - start) * 1e3)
    return {
        count: {name: statistics.median(times) for name, times in named.items()}
        for count, named in spent.items()
    }


async def exported(database: Database, folder: Path, count: int) -> float:
    """The peak of what Python held for exporting so many notes, in MB."""
    tracemalloc.start()
    await export(database, folder, count)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 2**20


async def resident(folder: Path, notes: int, count: int) -> float:
    """The most memory that a process of its own had which exported so many of ``notes``, in MB."""
    words = (sys.executable, "-m", "tests.goals.planning", str(folder), str(notes), str(count))
    process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    return float(said)


async def alone(folder: Path, notes: int, count: int) -> None:
    database = await Database.open(address(folder, notes))
    await export(database, folder, count)
    await database.close()


def own_peak() -> float:
    """MB that this process had at most (Linux; ``getrusage`` would tell the parent's peak, too)."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1024


async def export(database: Database, folder: Path, count: int) -> None:
    sheet, left = Sheet(folder / f"usulan{count}.xlsx", str), count
    gathered: list[Catatan] = []
    async for part in Daftar(database).all(Filter()):
        if sabotaged():
            gathered += part
        sheet.add(part[:left])
        left -= len(part)
        if left <= 0:
            break
    sheet.close()


async def main(count: int, folder: Path) -> int:
    databases = {number: await opened(folder, number) for number in {SHORT, count}}
    medians = await measured(databases)
    for name, ms in medians[count].items():
        sys.stdout.write(f"{name:15} {medians[SHORT][name]:7.1f} ms at {SHORT}, {ms:7.1f} at {count}\n")
    held = [await exported(databases[count], folder, number) for number in (SHORT, EXPORTED)]
    for database in databases.values():
        await database.close()
    grown = [await resident(folder, count, number) for number in (SHORT, EXPORTED)]
    figures = {
        "worst_median_ms": max(medians[count].values()),
        "growth": max(ms / medians[SHORT][name] for name, ms in medians[count].items() if name != "desa"),
        "export_mb": held[1] - held[0],
        "export_rss_mb": grown[1] - grown[0],
        "notes": float(count),
    }
    targets = {"worst_median_ms": 100.0, "growth": 3.0, "export_mb": 8.0, "export_rss_mb": 8.0}
    return report("planning", figures, targets, compared_with=f"the same lists with {SHORT} notes")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        asyncio.run(alone(Path(sys.argv[1]), *map(int, sys.argv[2:])))
        sys.stdout.write(str(own_peak()))
        sys.exit()
    with tempfile.TemporaryDirectory(prefix="planning") as directory:
        sys.exit(asyncio.run(main(size(100_000), Path(directory))))

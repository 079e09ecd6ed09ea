"""``make goal-berita [N=217]``: a berita acara for each of N offices in one batch, cut short by a kill.

A real server with N desa and kelurahan of Banyuwangi, two people and three usulan in each, is asked for all
berita acara by the Panitia's form, is killed without warning after about a third, and is started again.
Figures: ``seconds`` of both servers at work, from the press of the button to the last paper; ``pages``;
``resumed``, how many were there at the kill; ``remade``, how many of those were made again; ``missing``,
offices whose own text is not in the ZIP that is then fetched. ``SABOTAGE=1`` has the second server forget
what was ticked off, and must end with ``ok: false``.
"""

import asyncio
import io
import sqlite3
import sys
import tempfile
import time
import uuid
import zipfile
from datetime import date
from pathlib import Path

import aiohttp
from yarl import URL

from rooms.clock import SystemClock
from rooms.ids import Actor, CommandId, ItemId, PesertaId, RoomId, SeatId
from rooms.meeting.commands import (
    CloseMeeting,
    Command,
    ConfigureMeeting,
    ConnectSeat,
    OpenMeeting,
    RegisterPeserta,
    StartItem,
)
from rooms.meeting.vocabulary import ItemKind, ItemSpec, JenisKelamin, SeatKind, SeatSpec, Unsur
from rooms.room import Room
from server.pages.session_form import AULA
from server.store.engine import Database
from server.store.journal import SqlJournal
from server.store.sessions import Sessions, SessionSpec
from server.store.wilayah import Desa, Wilayah
from tests.goals.planning import NOTE
from tests.support.goal import report, sabotaged, size
from tests.support.live import LiveServer
from tests.support.pdf import pages_of, squeezed

ROOM = RoomId("pleno")
PER_OFFICE = 3
LIMIT_S = 300.0


async def prepare(file: Path, count: int) -> list[Desa]:
    """A session that was held and closed, written beside the stopped server."""
    database = await Database.open(f"sqlite:///{file}")
    offices = (await Wilayah(database).desa())[:count]
    seats = (
        SeatSpec(AULA, SeatKind.AULA, "Pendapa"),
        *(SeatSpec(SeatId(d.kode), SeatKind.MENYIMAK, d.label, d.kode) for d in offices),
    )
    agenda = (ItemSpec(ItemId("dialog"), ItemKind.DIALOG, "Dialog"),)
    spec = SessionSpec(ROOM, "Musrenbang goal", date(2027, 1, 15), "musrenbang_desa", 2028, seats, agenda, ())
    await Sessions(database).create(spec, at=1)
    room = await Room.open(ROOM, SqlJournal(database), clock=SystemClock(), alive_until=0)
    commands: list[Command] = [
        ConfigureMeeting(spec.title, seats, agenda, ()),
        OpenMeeting(),
        StartItem(ItemId("dialog")),
    ]
    for number, desa in enumerate(offices):
        seat = SeatId(desa.kode)
        commands.append(ConnectSeat(seat, True))
        for person, kind in (
            (f"Bu {number}", JenisKelamin.PEREMPUAN),
            (f"Pak {number}", JenisKelamin.LAKI_LAKI),
        ):
            peserta = PesertaId(str(uuid.uuid4()))
            commands.append(RegisterPeserta(peserta, seat, person, "Kaur", Unsur.TANI, kind))
    for number, command in enumerate([*commands, CloseMeeting()]):
        await room.submit(command, actor=Actor("goal"), command_id=CommandId(str(number)))
    await room.close()
    async with database.write() as connection:
        await connection.execute(NOTE, [n for d in offices for n in notes(d)])
    await database.close()
    return offices


def notes(desa: Desa) -> list[dict[str, object]]:
    return [
        {
            "id": str(uuid.uuid4()), "digest": b"d", "jenis": "usulan", "tahun": 2028, "kode": desa.kode,
            "judul": own(desa, number), "bidang": "2", "ucapan": "Kami mohon, Pak.", "sub": "2.3",
            "dusun": "Krajan", "at": number, "tahap": "draf",
        }
        for number in range(PER_OFFICE)
    ]  # fmt: skip


def own(desa: Desa, number: int) -> str:
    return f"Usulan {number} dari {desa.kode}"


class Panitia:
    def __init__(self, server: LiveServer) -> None:
        self._server = server
        self._http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self._base = URL()

    async def enter(self, link: str) -> None:
        async with self._http.get(link, allow_redirects=False) as answer:
            self._base = (
                URL(self._server.url).join(URL(answer.headers["Location"])) / "sesi" / ROOM / "dokumen"
            )

    async def press(self) -> None:
        headers = {"Origin": self._server.url}
        async with self._http.post(
            self._base / "berita_acara", headers=headers, allow_redirects=False
        ) as answer:
            assert answer.status == 303, await answer.text()

    async def until(self, number: int) -> int:
        """Wait for so many to be made, or for the end; how many there are."""
        while True:
            async with self._http.get(self._base / "kemajuan") as answer:
                now = await answer.json()
            if now["jadi"] + now["gagal"] >= number or not now["berjalan"]:
                return int(now["jadi"])
            await asyncio.sleep(0.05)  # as often as a page might ask

    async def fetch(self) -> zipfile.ZipFile:
        async with self._http.get(self._base / "berita_acara.zip") as answer:
            assert answer.status == 200
            return zipfile.ZipFile(io.BytesIO(await answer.read()))

    async def close(self) -> None:
        await self._http.close()


def versions(file: Path) -> dict[str, tuple[int, int]]:
    """Seat -> newest version and when it was made."""
    with sqlite3.connect(file) as connection:
        query = "SELECT seat_id, MAX(version), created_at FROM papers WHERE seat_id <> '' GROUP BY seat_id"
        return {seat: (version, at) for seat, version, at in connection.execute(query)}


def forget(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE paper_items SET state = 'menunggu'")
        connection.execute("UPDATE papers SET sidik = ''")


async def main(count: int, folder: Path) -> int:
    server = LiveServer(folder)
    async with server:
        file, link = server.data_dir / "rembug.db", server.panitia_link
        await server.stop()
        offices = await prepare(file, count)
        await server.start()
        panitia = Panitia(server)
        await panitia.enter(link)
        began = time.perf_counter()
        await panitia.press()
        await panitia.until(max(1, count // 3))
        await server.kill()
        spent = time.perf_counter() - began
        kept = versions(file)
        if sabotaged():
            forget(file)
        await server.start()
        began = time.perf_counter()
        made = await panitia.until(count)
        spent += time.perf_counter() - began
        packed = await panitia.fetch()
        await panitia.close()
    after = versions(file)
    texts = [pages_of(packed.read(name)) for name in packed.namelist()]
    whole = [squeezed("".join(text)) for text in texts]
    missing = sum(
        not any(all(squeezed(own(desa, n)) in text for n in range(PER_OFFICE)) for text in whole)
        for desa in offices
    )
    figures = {
        "seconds": spent,
        "pages": float(sum(map(len, texts))),
        "made": float(made),
        "resumed": float(len(kept)),
        "remade": float(sum(after[seat] != kept[seat] for seat in kept)),
        "missing": float(missing),
    }
    return report(
        "berita",
        figures,
        {"seconds": LIMIT_S, "remade": 0.0, "missing": 0.0},
        at_least={"made": float(count), "resumed": 1.0, "pages": float(count)},
        compared_with="five minutes for 217 offices",
    )


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="berita") as directory:
        sys.exit(asyncio.run(main(size(217), Path(directory))))

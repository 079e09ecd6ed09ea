"""The demonstration: a session of Kabupaten Banyuwangi with a hall that is alive.

The Aula and six offices are synthetic and come in through the real path, in a process of their own; three
more offices, a listener and all desks wait for a person. The session is opened and its dialog begun, so
that one person alone can moderate, note and replay at once. A later start finds the session again as long
as it is not closed; its links are kept in the data directory, readable by its owner only.
"""

import asyncio
import logging
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from pydantic import TypeAdapter, ValidationError

from rooms.gladi.hall import HallConfig
from rooms.gladi.office import Part
from rooms.ids import CommandId, ItemId, RoomId, SeatId
from rooms.meeting.commands import OpenMeeting, ResumeMeeting, StartItem
from rooms.meeting.vocabulary import (
    ItemKind,
    ItemSpec,
    MeetingSettings,
    MeetingStatus,
    SeatKind,
    SeatSpec,
)
from rooms.room import SYSTEM
from server.access import Role
from server.kept import GRANTS, WILAYAH
from server.keys import NEW_ID, NOW
from server.pages.sesi import make_session, today
from server.pages.session_form import AULA, Wanted
from server.settings import Settings
from server.signalling.entrance import HALLS
from server.signalling.hall import Hall
from server.store.grants import GrantSpec

log = logging.getLogger(__name__)

TITLE = "Musrenbang RKPD Kabupaten Banyuwangi"
STOP_S = 5.0


@dataclass(frozen=True, slots=True)
class Scene:
    """One synthetic office."""

    kode: str
    hue: float
    voice: str
    topics: tuple[str, ...]


SCENES = (
    Scene(
        "35.10.01.2001",
        8,
        "Sarongan, Kecamatan Pesanggaran. Listrik kami sering padam.",
        ("Jaringan listrik Dusun Sukamade", "Jembatan ke pantai Rajegwesi"),
    ),
    Scene(
        "35.10.05.2003",
        55,
        "Tembokrejo, Kecamatan Muncar. Kami nelayan membutuhkan gudang es.",
        ("Gudang es untuk nelayan", "Pengolahan sampah pelabuhan"),
    ),
    Scene(
        "35.10.11.2003",
        110,
        "Kalibaruwetan, Kecamatan Kalibaru. Saluran irigasi kami rusak.",
        ("Perbaikan saluran irigasi", "Bibit kopi untuk kelompok tani"),
    ),
    Scene(
        "35.10.15.2004",
        170,
        "Kemiren, Kecamatan Glagah. Kami ingin balai budaya Osing.",
        ("Balai budaya Osing", "Pelatihan pemandu wisata"),
    ),
    Scene(
        "35.10.18.2001",
        225,
        "Bangsring, Kecamatan Wongsorejo. Air bersih masih sulit.",
        ("Air bersih Dusun Krajan", "Perawatan terumbu karang"),
    ),
    Scene(
        "35.10.20.2004",
        285,
        "Temuguruh, Kecamatan Sempu. Jalan desa menuju pasar berlubang.",
        ("Jalan desa menuju pasar", "Posyandu Dusun Tlogosari"),
    ),
)
FOR_PEOPLE = ("35.10.24.2008", "35.10.19.2006", "35.10.21.1006")
"""Offices that a person may open: Tamansari (Licin), Bayu (Songgon), Gombengsari (Kalipuro)."""
HALL_VOICE = "Pendopo Kabupaten Banyuwangi. Selamat datang dalam musyawarah perencanaan pembangunan."
HALL_HUE = 330.0


@dataclass(frozen=True, slots=True)
class Kept:
    """What a later start needs to find its session again."""

    room_id: str
    tokens: dict[str, str]
    """Role, or ``desa:<seat>``, -> the secret of its link."""


class Demonstration:
    def __init__(self, settings: Settings, kept: Kept, labels: dict[str, str]) -> None:
        self._settings = settings
        self._kept = kept
        self._labels = labels
        self._hall: asyncio.subprocess.Process | None = None

    @classmethod
    async def prepare(cls, app: web.Application, settings: Settings) -> "Demonstration":
        """Find or make the session, open it and begin its dialog."""
        await app[WILAYAH].seed()
        file = settings.data_dir / "peragaan.json"
        kept = await _earlier(app, _read(file))
        if kept is None:
            kept = await _make(app)
            _write_private(file, TypeAdapter(Kept).dump_json(kept))
        await _begin(await app[HALLS].get(RoomId(kept.room_id)), app)
        labels = {desa.kode: desa.label for desa in await app[WILAYAH].desa()}
        return cls(settings, kept, labels)

    def text(self) -> str:
        """The personal links, for a terminal."""
        lines = [
            ("Layar Pimpinan", Role.PIMPINAN),
            ("Meja Operator", Role.OPERATOR),
            ("Meja Notulis", Role.NOTULIS),
            *((self._labels[kode], f"desa:{kode}") for kode in FOR_PEOPLE),
            ("Peninjau (menyimak)", Role.PENINJAU),
            ("Layar Aula (proyektor)", Role.LAYAR),
            ("Layar siaran (OBS)", Role.SIARAN),
            ("Putar ulang", Role.REPLAY),
            ("Panitia", Role.PANITIA),
        ]
        width = max(len(name) for name, _ in lines)
        body = "\n".join(f"  {name:<{width}}  {self._link(key)}" for name, key in lines)
        hall = "Aula dan enam desa buatan masuk sendiri dalam beberapa detik."
        if not self._loops.exists():
            hall = "Aula dan enam desa buatan masuk setelah gambar dan suaranya dibuat (sekali, semenit)."
        log_file = self._settings.data_dir / "peragaan.log"
        return f"\n{TITLE}\n\n{body}\n\n{hall}\nCtrl-C menghentikan semuanya. Catatan kerja: {log_file}\n"

    @property
    def _loops(self) -> Path:
        return self._settings.data_dir / "gladi"

    async def start_hall(self) -> None:
        """The synthetic hall, in a process of its own."""
        config = HallConfig(
            base_url=self._settings.url(self._settings.port),
            participants=(
                Part("aula", self._path("aula"), "Aula", HALL_HUE, HALL_VOICE),
                *(
                    Part(
                        "desa",
                        self._path(f"desa:{scene.kode}"),
                        self._labels[scene.kode],
                        scene.hue,
                        scene.voice,
                        scene.topics,
                    )
                    for scene in SCENES
                ),
            ),
            loops=self._loops,
        )
        file = self._settings.data_dir / "gladi.json"
        _write_private(file, TypeAdapter(HallConfig).dump_json(config))
        environment = dict(os.environ)
        if self._settings.tls_self_signed:
            environment["SSL_CERT_FILE"] = str(self._settings.data_dir / "tls-sendiri.crt")
        # A session of its own: Ctrl-C in a terminal ends the server first, which then ends the hall.
        self._hall = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "rooms.gladi",
            "--config",
            str(file),
            "--attached",
            stdin=asyncio.subprocess.PIPE,
            env=environment,
            start_new_session=True,
        )

    async def stop(self) -> None:
        if self._hall is None or self._hall.returncode is not None:
            return
        self._hall.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await self._hall.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._hall.kill()
            await self._hall.wait()

    def _path(self, key: str) -> str:
        return f"/m/{self._kept.tokens[key]}"

    def _link(self, key: str) -> str:
        return f"{self._settings.url(self._settings.port)}{self._path(key)}"


def _read(file: Path) -> Kept | None:
    try:
        return TypeAdapter(Kept).validate_json(file.read_bytes())
    except (OSError, ValidationError):
        return None


async def _earlier(app: web.Application, kept: Kept | None) -> Kept | None:
    """The session of an earlier start, if it stands, is not closed, and all of its links still work."""
    if kept is None or str(Role.SIARAN) not in kept.tokens:
        return None
    for token in kept.tokens.values():
        if await app[GRANTS].exchange(token, at=app[NOW]()) is None:
            return None
    hall = await app[HALLS].get(RoomId(kept.room_id))
    return None if hall.room.meeting.agenda.status is MeetingStatus.DITUTUP else kept


async def _make(app: web.Application) -> Kept:
    labels = {desa.kode: desa.label for desa in await app[WILAYAH].desa()}
    synthetic = [scene.kode for scene in SCENES]
    seats = [
        SeatSpec(
            SeatId(kode), SeatKind.DIALOG if kode != FOR_PEOPLE[-1] else SeatKind.MENYIMAK, labels[kode], kode
        )
        for kode in (*synthetic, *FOR_PEOPLE)
    ]
    now = today(app)
    items = (
        (ItemKind.SEREMONI, "Pembukaan"),
        (ItemKind.PAPARAN, "Arahan Bupati"),
        (ItemKind.DIALOG, "Dialog dengan desa"),
        (ItemKind.PENUTUP, "Penutup"),
    )
    minted = await make_session(
        app,
        Wanted(
            room_id=RoomId(app[NEW_ID]()),
            title=TITLE,
            tanggal=now,
            jenis_sesi="musrenbang_kabupaten",
            tahun_rencana=now.year + 1,
            seats=(SeatSpec(AULA, SeatKind.AULA, "Aula"), *seats),
            agenda=tuple(ItemSpec(ItemId(app[NEW_ID]()), kind, title) for kind, title in items),
            script=tuple(SeatId(kode) for kode in synthetic),
            settings=MeetingSettings(),
        ),
    )
    tokens = {_key(m.grant.role, m.grant.seat_id): m.token for m in minted}
    panitia = await app[GRANTS].mint(GrantSpec(Role.PANITIA, "Panitia"), at=app[NOW]())
    room_id = minted[0].grant.room_id
    assert room_id is not None, "a session's links name its room"
    return Kept(room_id, tokens | {str(Role.PANITIA): panitia.token})


def _key(role: str, seat_id: str | None) -> str:
    return f"desa:{seat_id}" if role == Role.DESA else str(role)


async def _begin(hall: Hall, app: web.Application) -> None:
    """Bring the meeting to its dialog, from wherever it stands."""

    def new() -> CommandId:
        return CommandId(app[NEW_ID]())

    agenda = hall.room.meeting.agenda
    if agenda.status is MeetingStatus.DISIAPKAN:
        await hall.submit(OpenMeeting(), SYSTEM, new())
    elif agenda.status is MeetingStatus.DISKORS:
        await hall.submit(ResumeMeeting(), SYSTEM, new())
    agenda = hall.room.meeting.agenda
    running = agenda.items.get(agenda.item_id) if agenda.item_id is not None else None
    if running is None or running.kind is not ItemKind.DIALOG:
        dialog = next(item for item in agenda.items.values() if item.kind is ItemKind.DIALOG)
        await hall.submit(StartItem(dialog.item_id), SYSTEM, new())


def _write_private(file: Path, content: bytes) -> None:
    with suppress(FileNotFoundError):
        file.unlink()
    fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(fd, "wb") as out:
        out.write(content)

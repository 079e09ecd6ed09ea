"""The printable sheets of a session: typeset in parts, joined into one file, kept for a while in memory.

They hold every office's secret, so they are never written to the disk: after a restart they are made again,
which takes seconds.
"""

import asyncio
import io
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import segno

from server.invitations.invited import Event, Invitation
from server.invitations.messages import HALL_SOUND, HALL_STEPS, STEPS
from server.papers import said
from server.papers.press import Imprint, PaperFailed, Press
from server.papers.text import as_data, printable

log = logging.getLogger(__name__)

AT_A_TIME = 20
"""Sheets of one part: what a progress bar moves by."""
MOST_KEPT = 4
"""Sessions whose sheets are kept; the oldest goes first."""
KEPT_MS = 60 * 60 * 1000


@dataclass(slots=True)
class Batch:
    """The sheets of one session, being made or made."""

    semua: int
    jadi: int = 0
    gagal: bool = False
    pdf: bytes = field(default=b"", repr=False)
    made_at: int = 0

    @property
    def berjalan(self) -> bool:
        return not self.pdf and not self.gagal


class Sheets:
    """``close`` it at the end."""

    def __init__(self, press: Press, now: Callable[[], int]) -> None:
        self._press = press
        self._now = now
        self._batches: OrderedDict[str, Batch] = OrderedDict()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._joining = asyncio.Lock()  # the library that joins is not made for two threads

    def of(self, room_id: str) -> Batch | None:
        batch = self._batches.get(room_id)
        if batch is not None and batch.made_at and batch.made_at + KEPT_MS < self._now():
            del self._batches[room_id]
            return None
        return batch

    def begin(self, room_id: str, event: Event, those: Sequence[Invitation]) -> Batch:
        """Go to work, unless it is being done already."""
        batch = self.of(room_id)
        if batch is not None and batch.berjalan:
            return batch
        batch = self._batches[room_id] = Batch(len(those))
        self._batches.move_to_end(room_id)
        while len(self._batches) > MOST_KEPT:
            self._drop(next(iter(self._batches)))
        task = asyncio.create_task(self._work(batch, event, those), name=f"sheets {room_id}")
        self._tasks[room_id] = task
        task.add_done_callback(lambda done: self._forget(room_id, done))
        return batch

    async def one(self, event: Event, invitation: Invitation) -> bytes:
        """Raises PaperFailed."""
        return await self._print(event, [invitation])

    def forget(self, room_id: str) -> None:
        """A link of this session was renewed or withdrawn: what was printed before must not be handed out."""
        self._drop(room_id)

    async def settled(self) -> None:
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _drop(self, room_id: str) -> None:
        self._batches.pop(room_id, None)
        if task := self._tasks.get(room_id):
            task.cancel()

    def _forget(self, room_id: str, done: asyncio.Task[None]) -> None:
        if self._tasks.get(room_id) is done:
            del self._tasks[room_id]

    async def _work(self, batch: Batch, event: Event, those: Sequence[Invitation]) -> None:
        try:
            parts = []
            for begin in range(0, len(those), AT_A_TIME):
                some = those[begin : begin + AT_A_TIME]
                parts.append(await self._print(event, some))
                batch.jadi += len(some)
            async with self._joining:
                batch.pdf = await asyncio.to_thread(joined, parts)
            batch.made_at = self._now()
        except PaperFailed:
            log.exception("sheets not made")
            batch.gagal = True

    async def _print(self, event: Event, those: Sequence[Invitation]) -> bytes:
        now = self._now()
        about = ("judul", "hari", "pukul", "telepon", "situs", "gladi")
        paper = {
            "acara": as_data({name: getattr(event, name) for name in about}),
            "asal_suara": as_data(HALL_SOUND),
            "lembar": [
                {
                    "nama": printable(one.nama),
                    "kode": one.kode,
                    "qr": qr_svg(one.tautan),
                    "aula": one.aula,
                    "langkah": as_data(HALL_STEPS if one.aula else STEPS),
                }
                for one in those
            ],
        }
        return (await self._press.print("undangan.typ", paper, Imprint(1, "", said.moment(now)), now)).pdf


def qr_svg(text: str) -> str:
    """With its quiet zone of four modules; level M survives a crease and a cheap printer."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(drawn, kind="svg", border=4, xmldecl=False)
    return drawn.getvalue().decode()


def joined(parts: Sequence[bytes]) -> bytes:
    """Several PDFs as one, in their order."""
    from pypdfium2 import PdfDocument  # loaded where it is used: it brings a large library along

    whole = PdfDocument.new()
    for part in parts:
        document = PdfDocument(part)
        whole.import_pages(document)
        document.close()
    out = io.BytesIO()
    whole.save(out)
    whole.close()
    return out.getvalue()

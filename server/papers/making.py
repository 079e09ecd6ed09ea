"""Making papers: batches that go on in the background, also after a restart, and never make one twice.

A batch is written down before it begins; each paper is ticked off in the transaction that keeps its version.
A paper whose data is what its newest version was printed from is not printed again. One that cannot be
printed is marked and does not hold up the others.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator

from rooms.ids import RoomId
from server.attachments.files import Files
from server.papers import said
from server.papers.kinds import OF_THE_SESSION, WHOLE
from server.papers.press import Imprint, PaperFailed, Press, fingerprint
from server.papers.sources import NoSession, Sources
from server.store.engine import Database
from server.store.paper_entries import PaperEntries
from server.store.paper_scans import PaperScans
from server.store.papers import GAGAL, JADI, MENUNGGU, Batch, Paper, Papers, Which

log = logging.getLogger(__name__)

SEMENTARA = "SEMENTARA: sesi belum ditutup"
OWN = "Rembug"
"""Who made what nobody asked for."""


class BeingMade(Exception):
    """One of these papers is being made at this moment."""


class GladiPapers(Exception):
    """A rehearsal leaves no papers."""


class Workshop:
    """The sessions' papers. ``close`` it at the end; what was not made by then is made after ``resume``."""

    def __init__(
        self,
        database: Database,
        files: Files,
        press: Press,
        now: Callable[[], int],
        new_id: Callable[[], str],
    ) -> None:
        self.papers = Papers(database)
        self.entries = PaperEntries(database)
        self.scans = PaperScans(database)
        self.files = files
        self.database = database
        self._press = press
        self._now = now
        self._new_id = new_id
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def sources(self, room_id: RoomId) -> Sources:
        """Raises NoSession, GladiPapers."""
        sources = await Sources.read(self.database, room_id)
        if sources.gladi:
            raise GladiPapers(room_id)
        return sources

    async def begin(self, room_id: RoomId, wanted: Iterable[Which], *, by: str) -> Batch:
        """Write the batch down and go to work. Raises BeingMade."""
        batch = await self.papers.begin(self._new_id(), room_id, wanted, by=by, at=self._now())
        if batch is None:
            await self.resume()  # should an earlier one have been given up, it goes on now
            raise BeingMade(room_id)
        self._go(batch)
        return batch

    async def draft(self, room_id: RoomId) -> None:
        """After the close: the session's papers, once; there are some already: nothing."""
        if await self.papers.batches(room_id):
            return
        try:
            await self.sources(room_id)
            await self.begin(room_id, [(str(jenis), WHOLE) for jenis in OF_THE_SESSION], by=OWN)
        except (NoSession, GladiPapers, BeingMade) as reason:
            log.info("no drafts room=%s: %s", room_id, type(reason).__name__)

    async def resume(self) -> None:
        """Go on with every batch that is not finished and not being worked on."""
        for batch in await self.papers.unfinished():
            if batch.id not in self._tasks:
                log.info("papers go on batch=%s left=%d", batch.id, batch.number(MENUNGGU))
                self._go(batch)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def settled(self) -> None:
        """Until everything that was begun is made."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values())

    def _go(self, batch: Batch) -> None:
        task = asyncio.create_task(self._work(batch), name=f"papers {batch.id}")
        self._tasks[batch.id] = task
        task.add_done_callback(lambda _: self._tasks.pop(batch.id))

    async def _work(self, batch: Batch) -> None:
        try:
            sources = await self.sources(RoomId(batch.room_id))
            newest = await self.papers.newest(batch.room_id)
            left = iter([which for which, state in batch.states.items() if state == MENUNGGU])
            async with asyncio.TaskGroup() as group:
                for _ in range(self._press.at_once):
                    group.create_task(self._one_after_another(batch, sources, newest, left))
            await self.papers.finish(batch.id, at=self._now())
        except Exception:
            log.exception("papers of batch=%s not made; tried again at the next start", batch.id)

    async def _one_after_another(
        self, batch: Batch, sources: Sources, newest: dict[Which, Paper], left: Iterator[Which]
    ) -> None:
        for which in left:
            try:
                made = await self._make(batch, sources, which, newest.get(which))
            except (PaperFailed, KeyError):
                log.exception("paper not made room=%s which=%s", batch.room_id, which)
                await self.papers.settle(batch.id, which, GAGAL)
            else:
                await self.papers.settle(batch.id, which, JADI, made)

    async def _make(self, batch: Batch, sources: Sources, which: Which, before: Paper | None) -> Paper | None:
        """None: what was printed before still says the same."""
        data, sementara, now = await sources.data(which), not sources.closed, self._now()
        sidik = fingerprint(data)
        if before is not None and before.berkas and (before.sidik, before.sementara) == (sidik, sementara):
            return None
        version = before.version + 1 if before else 1
        imprint = Imprint(version, sidik, said.moment(now), SEMENTARA if sementara else "")
        printed = await self._press.print(f"{which[0]}.typ", data, imprint, now)
        berkas = await self.files.put(printed.pdf, ".pdf")
        return Paper(
            batch.room_id,
            *which,
            version,
            sidik,
            berkas,
            printed.pages,
            len(printed.pdf),
            sementara,
            now,
            batch.created_by,
        )

"""A synthetic seat: an office that raises hands and speaks when called, or the hall that is always heard.

It comes in through the same doors as a browser and knows nothing that its screen would not show. Like a
browser it sends only while it is prepared or has the floor; the hall always does. One that listens keeps
account of what a participant in its place would have got.
"""

import asyncio
import logging
import random
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
from yarl import URL

from rooms.gladi.account import Account
from rooms.gladi.call import Call
from rooms.gladi.loops import Loop
from rooms.gladi.reception import Reception
from rooms.gladi.report import OfficeReport
from rooms.gladi.wire import GONE, CommandRefused, LinkEnded, Wire
from rooms.media.plane import Offer

log = logging.getLogger(__name__)

AULA = "aula"
SENDING_STATES = frozenset({"bersiap", "giliran", "disela", "interupsi", "tanggapan"})
WAITING_STATES = frozenset({"antre", "bicara"})
GIVE_UP_S = 60.0
"""So long without a server, and the demonstration is over."""
RETRY_S = (0.5, 3.0)
OCCUPIED = "another device has the seat"
REPLACED = frozenset({OCCUPIED, GONE[4409]})
"""Ends after which somebody else has the seat."""
NEW_WORKER_S = (0.0, 2.0)
"""Random waits keep a whole hall from coming back at the same moment."""

_AWAY = (aiohttp.ClientError, ConnectionError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Part:
    """Who a synthetic seat plays."""

    role: str
    """``aula`` or ``desa``."""
    link: str
    """Personal link, absolute or from the server's root."""
    name: str
    hue: float
    """Degrees."""
    voice: str
    topics: tuple[str, ...] = ()
    seat_id: str = ""
    """Of one that listens."""


@dataclass(frozen=True, slots=True)
class Hands:
    """When an office raises its hand, in s after it could."""

    first_s: float
    again_s: float


class SyntheticOffice:
    def __init__(
        self,
        http: aiohttp.ClientSession,
        base_url: URL,
        part: Part,
        loop: Loop,
        hands: Hands,
        *,
        listens: bool = False,
    ) -> None:
        self.part = part
        self._wire = Wire(http, base_url.join(URL(part.link)))
        self._loop = loop
        self._hands = hands
        self._chance = random.Random(part.link)
        self._call: Call | None = None
        self._joining: asyncio.Task[None] | None = None
        self._worker_epoch: int | None = None
        self._viewed = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._account = Account(self._clock())
        self._reception = Reception(part.seat_id) if listens else None

    @property
    def state(self) -> str:
        """What its screen says: ``menyimak``, ``bersiap``, ``giliran`` ...; empty until known."""
        return str(self._own.get("state", ""))

    @property
    def asks(self) -> bool:
        """Whether a hand of its is up."""
        return any(request["state"] == "antre" for request in self._own.get("requests", []))

    @property
    def in_call(self) -> bool:
        """Whether its media is connected."""
        return self._call is not None and self._call.connected

    async def run(self) -> None:
        """Take part until the meeting is closed, the link ends, or the server is gone for long."""
        hands = asyncio.create_task(self._raise_hands())
        self._account.began_at = self._clock()
        try:
            await self._take_part()
        except LinkEnded as end:
            log.info("%s leaves: %s", self.part.name, end)
            self._account.ended = "diganti" if str(end) in REPLACED else "dicabut"
        except Exception:
            self._account.ended = "putus"
            raise
        finally:
            hands.cancel()
            self._settle()
            if self._joining is not None:
                self._joining.cancel()
            if self._call is not None:
                await self._call.close()

    async def withdraw(self) -> None:
        """Take back the hands that are still up, before leaving."""
        waiting = [r for r in self._own.get("requests", []) if r["state"] == "antre"]
        for request in waiting if self._wire.online else []:
            await self._answered(
                partial(self._wire.command, "withdraw_request", request_id=request["request_id"])
            )

    def report(self) -> OfficeReport:
        """What a participant in its place got; of one that listens, at the end."""
        reception, account = self._reception, self._account
        assert reception is not None, "it was not to listen"
        sound, pictures, sent = reception.sound, reception.pictures, account.sent(self._call)
        heard_at = reception.first_sound_at
        return OfficeReport(
            seat_id=self.part.seat_id,
            label=self.part.name,
            joined_s=account.joined_s,
            first_sound_s=None if heard_at is None else heard_at - account.began_at,
            joins=account.joins,
            offline_s=account.offline_s,
            watched_s=reception.watched_s,
            sound_packets=sound.packets,
            sound_lost=sound.lost,
            concealed_ms=sound.concealed_ms,
            picture_packets=pictures.packets,
            picture_lost=pictures.lost,
            frames=pictures.frames,
            freezes=pictures.freezes,
            frozen_s=pictures.frozen_s,
            hands=account.hands,
            turns=account.turns,
            sent_sound=sent[0],
            sent_pictures=sent[1],
            ended=account.ended,
        )

    def _settle(self) -> None:
        """Close the account."""
        now = self._clock()
        self._account.online(now, self.in_call)
        if self._reception is not None:
            self._reception.finished(now, connected=self.in_call)

    async def _take_part(self) -> None:
        clock = asyncio.get_running_loop().time
        seen, told = clock(), False
        while clock() - seen < GIVE_UP_S:
            try:
                async with self._wire.connected() as messages:
                    try:
                        await self._arrive()
                        async for message in messages:
                            await self._hear(message)
                            if self._closed:
                                log.info("%s: the meeting is closed", self.part.name)
                                self._account.ended = "ditutup"
                                return
                    finally:
                        seen, told = clock(), False
            except _AWAY as error:
                # Once for each absence; a server that restarts takes many attempts.
                log.log(
                    logging.DEBUG if told else logging.INFO,
                    "%s is away: %s",
                    self.part.name,
                    error or "silence",
                )
                told = True
            await asyncio.sleep(self._chance.uniform(*RETRY_S))
        self._account.ended = "putus"
        log.warning("%s gives up: no server for %d s", self.part.name, GIVE_UP_S)

    # What it sees

    @property
    def _own(self) -> dict[str, Any]:
        own: dict[str, Any] = self._wire.sections.get("own") or {}
        return own

    @property
    def _session(self) -> dict[str, Any]:
        session: dict[str, Any] = self._wire.sections.get("session") or {}
        return session

    @property
    def _closed(self) -> bool:
        return self._session.get("status") == "ditutup"

    async def _arrive(self) -> None:
        await self._wire.say("media_state", can_publish=True)
        # Answered in order: when the pong comes, the seat was not refused, and its media displace nobody's.
        await self._wire.say("ping")

    async def _hear(self, message: dict[str, Any]) -> None:
        match message["type"]:
            case "view":
                self._viewed.set()
                self._account.state(self.state)
                self._follow_stage()
                self._follow_floor()
            case "pong":
                epoch = self._wire.welcome["worker_epoch"]
                if epoch != self._worker_epoch or not self.in_call:
                    self._join(epoch, (0.0, 0.0))
            case "media":
                self._join(message["worker_epoch"], NEW_WORKER_S)
            case "error" if message["code"] == "seat_taken":
                raise LinkEnded(OCCUPIED)
            case "error":
                log.warning("%s: %s", self.part.name, message["code"])

    # Media

    def _follow_stage(self) -> None:
        stage = self._wire.sections.get("stage")
        if stage is not None and self._reception is not None:
            self._reception.staged(stage["slots"], self._clock())

    def _follow_floor(self) -> None:
        if self._call is not None:
            self._call.switch(self.part.role == AULA or self.state in SENDING_STATES)

    def _join(self, worker_epoch: int, wait_s: tuple[float, float]) -> None:
        """Build the peer connection anew after a random wait in ``wait_s``."""
        self._worker_epoch = worker_epoch
        if self._joining is not None:
            self._joining.cancel()
        self._joining = asyncio.create_task(self._keep_joining(wait_s))

    async def _keep_joining(self, wait_s: tuple[float, float]) -> None:
        while True:
            await asyncio.sleep(self._chance.uniform(*wait_s))
            if not self._wire.online:
                return  # Whoever arrives without media joins again.
            if self._call is not None:
                self._account.left(self._clock(), self._call)
                await self._call.close()
            call = self._call = Call(self._loop, self._lost, self._reception)
            peer_id = str(uuid.uuid4())

            async def exchange(offer: Offer, peer_id: str = peer_id) -> str:
                return await self._wire.offer(peer_id, offer)

            try:
                await call.connect(exchange)
            except Exception as error:
                # Also what a server that is coming or going makes of SDP: only trying again helps.
                log.warning("%s has no media yet: %r", self.part.name, error)
                wait_s = RETRY_S
            else:
                self._account.joined(self._clock())
                self._follow_floor()
                return

    def _lost(self) -> None:
        log.info("%s lost its media", self.part.name)
        self._account.online(self._clock(), False)
        if self._worker_epoch is not None:
            self._join(self._worker_epoch, RETRY_S)

    # Words

    async def _raise_hands(self) -> None:
        while True:
            await self._until(lambda: bool(self._own) and self._wire.online)
            if await self._answered(self._consent):
                break
            await asyncio.sleep(self._chance.uniform(*RETRY_S))
        if self.part.role == AULA or not self.part.topics:
            return
        wait_s, topic = self._hands.first_s, 0
        while True:
            await self._until(self._may_ask)
            await asyncio.sleep(wait_s)
            words = self.part.topics[topic % len(self.part.topics)]
            if self._may_ask() and await self._answered(partial(self._ask, words)):
                topic += 1
            wait_s = self._hands.again_s

    def _may_ask(self) -> bool:
        requests = self._own.get("requests", [])
        return (
            self._wire.online
            and not self._closed
            and bool(self._session.get("queue_open"))
            and not any(request["state"] in WAITING_STATES for request in requests)
        )

    async def _until(self, true: Callable[[], bool]) -> None:
        while not true():
            self._viewed.clear()
            await self._viewed.wait()

    async def _consent(self) -> None:
        if self._own["consent"] == "belum":
            await self._wire.command("give_consent", seat_id=self._own["seat_id"], consent="direkam")

    async def _ask(self, topic: str) -> None:
        seat_id = self._own["seat_id"]
        await self._wire.command(
            "request_turn",
            request_id=str(uuid.uuid4()),
            seat_id=seat_id,
            peserta_id=await self._speaker(seat_id),
            topic=topic,
        )
        self._account.hands += 1

    async def _speaker(self, seat_id: str) -> str:
        """One of the people behind the seat; when the office named none yet, it names its head."""
        known = [p for p in self._wire.sections.get("peserta", []) if p["seat_id"] == seat_id]
        if known:
            return str(self._chance.choice(known)["peserta_id"])
        peserta_id = str(uuid.uuid4())
        await self._wire.command(
            "register_peserta",
            peserta_id=peserta_id,
            seat_id=seat_id,
            nama=f"Kepala {self.part.name.split(',')[0]}",
            jabatan="Kepala Desa",
        )
        return peserta_id

    async def _answered(self, act: Callable[[], Awaitable[None]]) -> bool:
        """Whether the server answered, be it with a refusal."""
        try:
            await act()
        except CommandRefused as refusal:
            log.info("%s is refused: %s", self.part.name, refusal.code)
        except _AWAY as error:
            log.info("%s got no answer: %s", self.part.name, error or type(error).__name__)
            return False
        return True

"""Which of a seat's devices is its media device, and what the meeting is told about it.

A seat is connected while its media device's socket lives. Devices come and go faster than the journal; a
single task per room brings the meeting to what is true now, seat by seat, so that a takeover is no drop.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from rooms.ids import SeatId
from rooms.meeting.commands import ConnectSeat, DropSeat
from rooms.meeting.errors import Refused
from server.signalling.client import Client

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""Pause before the meeting is told again what could not be written."""

Tell = Callable[[ConnectSeat | DropSeat], Awaitable[object]]
"""Gives the meeting a command of the server's own; raises Refused or what the journal raises."""


class SeatDevices:
    def __init__(self, tell: Tell, retry_s: float = RETRY_S) -> None:
        self._tell = tell
        self._retry_s = retry_s
        self._device: dict[SeatId, Client] = {}
        self._due: dict[SeatId, None] = {}
        """Seats of which the meeting must be told, the longest waiting first; each waits once."""
        self._wake = asyncio.Event()

    def claim(self, client: Client, can_publish: bool) -> bool:
        """This device is in the call, or what it can send changed. False: another device has the seat."""
        seat_id = _seat(client)
        if self._device.get(seat_id, client) is not client:
            return False
        self._set(seat_id, client, can_publish)
        return True

    def tell_rival(self, client: Client, text: str) -> None:
        """Tell the device that has the client's seat."""
        rival = self._device.get(_seat(client))
        if rival is not None and rival is not client:
            rival.tell(text)

    def take(self, client: Client) -> Client | None:
        """Make this client the media device; returns the one that it replaces."""
        seat_id = _seat(client)
        before = self._device.get(seat_id)
        if before is client:
            return None
        self._set(seat_id, client, client.can_publish or (before is not None and before.can_publish))
        return before

    def release(self, client: Client) -> None:
        """The client's socket is gone."""
        seat_id = client.identity.seat_id
        if seat_id is not None and self._device.get(seat_id) is client:
            del self._device[seat_id]
            self._tell_about(seat_id)

    async def follow(self) -> None:
        """Keep the meeting informed until cancelled."""
        while True:
            while not self._due:
                self._wake.clear()
                await self._wake.wait()
            seat_id = next(iter(self._due))
            del self._due[seat_id]
            device = self._device.get(seat_id)
            command = DropSeat(seat_id) if device is None else ConnectSeat(seat_id, device.can_publish)
            try:
                await self._tell(command)
            except Refused as refused:
                log.warning("presence refused seat=%s why=%s", seat_id, refused)
            except Exception:
                log.exception("presence not recorded seat=%s", seat_id)
                await asyncio.sleep(self._retry_s)
                self._tell_about(seat_id)

    def _set(self, seat_id: SeatId, client: Client, can_publish: bool) -> None:
        client.can_publish = can_publish
        self._device[seat_id] = client
        self._tell_about(seat_id)

    def _tell_about(self, seat_id: SeatId) -> None:
        self._due[seat_id] = None
        self._wake.set()


def _seat(client: Client) -> SeatId:
    seat_id = client.identity.seat_id
    assert seat_id is not None, "only seated roles have devices; server.access"
    return seat_id

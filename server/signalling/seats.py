"""Which of a seat's devices is its media device, and what the meeting is told about it.

A seat is connected while its media device's socket lives. Devices come and go faster than the journal; a
single task per room brings the meeting to what is true now, seat by seat, so that a takeover is no drop.
"""

from collections.abc import Awaitable, Callable

from rooms.ids import SeatId
from rooms.meeting.commands import ConnectSeat, DropSeat
from server.signalling.client import Client
from server.signalling.telling import RETRY_S, Telling

Tell = Callable[[ConnectSeat | DropSeat], Awaitable[object]]
"""Gives the meeting a command of the server's own; raises Refused or what the journal raises."""


class SeatDevices:
    def __init__(self, tell: Tell, retry_s: float = RETRY_S) -> None:
        self._device: dict[SeatId, Client] = {}
        self._telling: Telling[SeatId, ConnectSeat | DropSeat] = Telling(self._as_it_is, tell, retry_s)

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
            self._telling.about(seat_id)

    @property
    def taken(self) -> frozenset[SeatId]:
        """Seats that have a media device now."""
        return frozenset(self._device)

    def has(self, client: Client) -> bool:
        """Whether this is its seat's media device."""
        return client.identity.seat_id is not None and self._device.get(client.identity.seat_id) is client

    def gives_way(self, client: Client) -> bool:
        """Whether a synthetic office has the seat of somebody who is none."""
        rival = self._device.get(_seat(client))
        return rival is not None and rival.identity.synthetic and not client.identity.synthetic

    async def follow(self) -> None:
        """Keep the meeting informed until cancelled."""
        await self._telling.follow()

    def _as_it_is(self, seat_id: SeatId) -> ConnectSeat | DropSeat:
        device = self._device.get(seat_id)
        return (
            DropSeat(seat_id) if device is None else ConnectSeat(seat_id, device.can_publish, device.device)
        )

    def _set(self, seat_id: SeatId, client: Client, can_publish: bool) -> None:
        client.can_publish = can_publish
        self._device[seat_id] = client
        self._telling.about(seat_id)


def _seat(client: Client) -> SeatId:
    seat_id = client.identity.seat_id
    assert seat_id is not None, "only seated roles have devices; server.access"
    return seat_id

"""Trains of padding: by how much of one arrives, and how fast, a browser measures its line at the door.

A train goes beside the peer's lines, on the stream that resends have, so it disturbs no numbering and carries
nothing. Begun by a control call, sent on by every tick of the forwarder. So few run at once, in one media
process, that they are no load, whoever asks for them.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from rooms.media.embedded import rtcp
from rooms.media.embedded.members import Member, spare_of
from rooms.media.embedded.pacer import OVERHEAD_BYTES
from rooms.media.plane import Train

MOST_AT_ONCE = 4
MOST_PACKETS = 1_000
PADDING = bytes(254) + b"\xff"
"""As much as one packet of padding alone may have (RFC 3550, 5.1)."""


@dataclass(slots=True)
class _UnderWay:
    member: Member
    train: Train
    since: float
    sent: int = 0


class Trains:
    def __init__(self, spend: Callable[[int], None], dropped: Counter[str]) -> None:
        """``spend`` is told how many bytes leave."""
        self._spend = spend
        self._dropped = dropped
        self._under_way: list[_UnderWay] = []

    def start(self, member: Member, train: Train, now: float) -> bool:
        """False: not now, or not to this one."""
        if (
            not member.peer.connected
            or spare_of(member) is None
            or train.packets > MOST_PACKETS
            or len(self._under_way) >= MOST_AT_ONCE
            or any(other.member is member for other in self._under_way)
        ):
            return False
        self._under_way.append(_UnderWay(member, train, now))
        return True

    def go_on(self, now: float) -> None:
        """Send what is due by now."""
        for one in self._under_way:
            due = round(one.train.packets * min(1.0, (now - one.since) / one.train.lasts_s))
            while one.sent < due and one.member.peer.connected:
                self._send(one.member)
                one.sent += 1
        self._under_way = [
            one for one in self._under_way if one.sent < one.train.packets and one.member.peer.connected
        ]

    def _send(self, member: Member) -> None:
        try:
            send_padding(member)
        except Exception:
            self._dropped["send_error"] += 1
        self._spend(len(PADDING) + OVERHEAD_BYTES)


def send_padding(member: Member) -> None:
    """One packet that carries nothing, to a peer that has a ``spare_of``."""
    spare = spare_of(member)
    assert spare is not None, "looked at before"
    head = rtcp.rtp_header(True, False, spare.payload_type, spare.take(), 0, spare.ssrc)
    member.peer.send_rtp(head + PADDING)

"""Seats at a socket of the test's own whose keys everybody knows: all that goes to them can be read."""

import socket
from collections.abc import Sequence
from typing import Protocol

import pylibsrtp
from aiortc.rtcdtlstransport import RTCCertificate

from rooms.ids import PeerId, RoomId
from rooms.media.embedded.batch import BatchEgress
from rooms.media.embedded.dtls import Turns
from rooms.media.embedded.egress import Egress, PlainEgress
from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import SendingLine, Terms
from rooms.media.embedded.sealing import handle_of, sealing_of
from rooms.media.embedded.slots import Lane, SourcePacket
from rooms.media.plane import Kind, PeerSpec, Slot

CERTIFICATE = RTCCertificate.generateCertificate()
GCM = pylibsrtp.Policy.SRTP_PROFILE_AEAD_AES_128_GCM
CM = pylibsrtp.Policy.SRTP_PROFILE_AES128_CM_SHA1_80
KEY = bytes(range(30))
PROFILE = GCM


def session(way: int) -> pylibsrtp.Session:
    policy = pylibsrtp.Policy(key=KEY, ssrc_type=way, srtp_profile=PROFILE)
    policy.allow_repeat_tx = True
    return pylibsrtp.Session(policy)


class Silent:
    """Nobody's owner: these peers have no network."""

    def on_connected(self, peer: Peer) -> None: ...
    def on_lost(self, peer: Peer) -> None: ...
    def on_rtp(self, peer: Peer, packet: bytes, now: float) -> None: ...
    def on_rtcp(self, peer: Peer, packet: bytes, now: float) -> None: ...


class Seat(Peer):
    """A peer after its handshake, whose key everybody knows and whose address is a socket here."""

    def __init__(self, mux: Mux, number: int) -> None:
        opened = mux.opened
        spec = PeerSpec(PeerId(str(number)), None, False)
        super().__init__(
            RoomId("hall"),
            spec,
            Terms(str(number), "p", "r", "q", (), (), ()),
            mux,
            CERTIFICATE,
            Silent(),
            Turns(),
        )
        self.ear = socket.socket(opened.family, socket.SOCK_DGRAM)
        self.ear.bind((opened.getsockname()[0], 0))
        self.ear.setblocking(False)
        self.ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.bearer.address = self.ear.getsockname()[:2]
        self._outbound = session(pylibsrtp.Policy.SSRC_ANY_OUTBOUND)
        self.sending_key = handle_of(self._outbound)
        self.sealing = sealing_of(KEY[:28] if PROFILE == GCM else None)
        lane = Lane(9000 + number, 96, 90000, False, 100 + number, 7, red_payload_type=63)
        self.subscription = Subscription(self, Slot.SPEAKER, Kind.VIDEO, lane)

    def heard(self) -> list[bytes]:
        found: list[bytes] = []
        while True:
            try:
                found.append(self.ear.recv(2048))
            except BlockingIOError:
                return found


Room = tuple[Mux, list[Seat]]


class Rooms(Protocol):
    def __call__(self, size: int, host: str = ...) -> Room: ...


def source_line() -> SendingLine:
    return SendingLine("m", Kind.AUDIO, 0, 111, (5,), None)


def source_for(seats: Sequence[Seat]) -> Publication:
    """A publication whose packets all of them get."""
    source = Publication(seats[0], source_line(), 5, [])
    for seat in seats:
        follow(source, seat)
    return source


def follow(source: Publication, seat: Seat) -> None:
    seat.subscription.lane.feed_from(source.ring)
    source.routes.append(seat.subscription)


def packet(index: int, body: bytes, *, marker: bool = False, padded: bool = False) -> SourcePacket:
    return SourcePacket(index, index * 3000, marker, padded, True, body)


def egresses(mux: Mux) -> dict[str, Egress]:
    return {"plain": PlainEgress(mux.dropped), "batch": BatchEgress(mux)}

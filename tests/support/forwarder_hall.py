"""A room of the media process without a network: peers that keep what they were sent."""

from collections.abc import Callable

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded import rtcp
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.dtls import Turns
from rooms.media.embedded.forwarder import Forwarder, at_once
from rooms.media.embedded.layers import TellLayers
from rooms.media.embedded.mux import Mux
from rooms.media.embedded.pacer import Defer
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.sdp import ReceivingLine, SendingLine, Terms
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Feed, Kind, PeerSpec, Slot, Stage
from tests.support.egress_seats import CERTIFICATE, Silent

ROOM = RoomId("hall")
OPUS, VP8, RTX, RED = 111, 96, 97, 63
KEYFRAME, DELTA = b"\x10\x00key", b"\x10\x01delta"


class Ear(Peer):
    """A connected peer that keeps what it would have encrypted."""

    def __init__(self, name: str, terms: Terms, seat: bool) -> None:
        spec = PeerSpec(PeerId(name), SeatId(name) if seat else None, False)
        super().__init__(ROOM, spec, terms, Mux(), CERTIFICATE, Silent(), Turns())
        self.connected = True
        self.rtp: list[bytes] = []
        self.rtcp: list[bytes] = []
        self.broken = False
        self.bursts = 0
        """How many it was sent."""
        self.reported = 0

    def send_rtp(self, packet: bytes) -> None:
        if self.broken:
            raise ValueError("packet is too long")
        self.rtp.append(packet)

    def ask_capacity(self, now: float) -> None:
        self.bursts += 1

    def send_rtcp(self, packet: bytes) -> None:
        self.rtcp.append(packet)

    def loses(self, hall: "Hall", fraction: float, now: float) -> None:
        """Report so much loss of its first line."""
        self.reported += 50
        block = rtcp.ReportBlock(self.terms.receiving[0].ssrc, fraction, 0, self.reported, 0, 0, 0)
        hall.forwarder.on_rtcp(self, rtcp.receiver_report(9, [block]), now)

    def feedback(self) -> list[rtcp.Feedback]:
        """All RTCP since the last call."""
        found = [item for packet in self.rtcp for item in rtcp.parse(packet)]
        self.rtcp.clear()
        return found


class Hall:
    def __init__(
        self,
        settings: MediaSettings,
        defer: Defer = at_once,
        clock: Callable[[], float] = lambda: 1.0,
        tell_layers: TellLayers = lambda peer, mid, layers: None,
    ) -> None:
        clips = ClipBook(lambda frame: False, lambda: 0)
        self.forwarder = Forwarder(
            settings, clips, lambda frame: False, lambda: 0.0, defer, clock, tell_layers
        )
        self._seq = 0
        self._ssrc = 1000

    def enter(
        self,
        name: str,
        *,
        seat: bool = True,
        slots: tuple[Slot, ...] = (Slot.SPEAKER,),
        rtx: bool = False,
        red: bool = False,
        sending: tuple[SendingLine, ...] | None = None,
    ) -> Ear:
        receiving = tuple(
            ReceivingLine(
                f"{slot}-{kind}",
                kind,
                slot,
                {Kind.AUDIO: OPUS, Kind.VIDEO: VP8}[kind],
                self._next_ssrc(),
                rtx=(self._next_ssrc(), RTX) if rtx and kind is Kind.VIDEO else None,
                red_payload_type=RED if red and kind is Kind.AUDIO else None,
            )
            for slot in slots
            for kind in Kind
        )
        sending = sending or (
            SendingLine("m", Kind.AUDIO, 0, OPUS, (self._next_ssrc(),), None, RED),
            SendingLine("c", Kind.VIDEO, 0, VP8, (self._next_ssrc(),), 4),
        )
        ear = Ear(name, Terms("u" + name, "p", "r", "q", (), receiving, sending if seat else ()), seat)
        self.forwarder.routing.add(ear)
        self.forwarder.routing.connected(ear)
        return ear

    def stage(self, **feeds: str) -> None:
        self._seq += 1
        stage = Stage({Slot(slot): Feed(SeatId(seat), None, False) for slot, seat in feeds.items()})
        assert self.forwarder.routing.set_stage(ROOM, (1, self._seq), stage, 0)

    def _next_ssrc(self) -> int:
        self._ssrc += 1
        return self._ssrc


def packet(of: Ear, kind: Kind, sequence: int, payload: bytes = KEYFRAME, **changes: int) -> bytes:
    line = of.terms.sending[0 if kind is Kind.AUDIO else 1]
    return (
        rtcp.rtp_header(
            False,
            False,
            changes.get("payload_type", line.payload_type),
            sequence,
            sequence * 3000,
            changes.get("ssrc", line.ssrcs[0]),
        )
        + payload
    )

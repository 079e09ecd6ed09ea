"""Who is in a room, what they send and receive: the forwarder's own bookkeeping, without any I/O."""

import secrets
from collections import Counter
from dataclasses import dataclass, field

from rooms.ids import PeerId, SeatId
from rooms.media.embedded import rtcp
from rooms.media.embedded.adaptation import LineShare, Losses
from rooms.media.embedded.asking import Gaps, KeyframeAsk, Resent
from rooms.media.embedded.clips import Clip
from rooms.media.embedded.clock import LineClock
from rooms.media.embedded.demand import Demand
from rooms.media.embedded.peer import Peer
from rooms.media.embedded.red import Protection
from rooms.media.embedded.sdp import SendingLine, Terms
from rooms.media.embedded.slots import Budget, Lane, SourceRing, Spare
from rooms.media.embedded.wants import Wants
from rooms.media.plane import Feed, Kind, PeerHealth, PeerSpec, Pictures, Slot

RING_PACKETS = {Kind.AUDIO: 200, Kind.VIDEO: 500}
MOST_PER_S = {Kind.AUDIO: 200, Kind.VIDEO: 1500}
"""Packets of one line, and as many at once: what no microphone or camera exceeds."""
PREVIEWS = frozenset({Slot.PREVIEW_1, Slot.PREVIEW_2})
"""Who is next, for consoles alone. Shown small: the lowest layer will do. All layers are kept warm, so that
the call finds them flowing."""
CLOCK_RATE = {Kind.AUDIO: 48000, Kind.VIDEO: 90000}


class Publication:
    """One stream that a seat sends: a line, or one of its layers. A new SSRC is a new Publication."""

    __slots__ = (
        "ask",
        "awaiting",
        "bits_per_s",
        "clock",
        "demand",
        "fan",
        "flowing",
        "gaps",
        "heard_at",
        "kind",
        "layer",
        "line",
        "lines",
        "loud_at",
        "octets_before",
        "pace",
        "peer",
        "reception",
        "ring",
        "routes",
        "ssrc",
        "taps",
        "thumbs",
        "wanted",
    )

    def __init__(
        self, peer: Peer, line: SendingLine, ssrc: int | None, lines: "list[Publication]", layer: int = 0
    ) -> None:
        self.peer = peer
        self.line = line
        self.layer = layer
        """Its place among the line's layers, the lowest first."""
        self.lines = lines
        """Everything that the same peer sends."""
        self.kind = line.kind
        self.ssrc = ssrc
        self.ring = SourceRing(RING_PACKETS[line.kind])
        self.reception = rtcp.Reception(CLOCK_RATE[line.kind])
        self.clock = LineClock(CLOCK_RATE[line.kind])
        self.ask = KeyframeAsk()
        self.gaps = Gaps()
        self.pace = Budget(per_s=MOST_PER_S[line.kind], burst=MOST_PER_S[line.kind])
        self.heard_at = -1e9
        """When its newest packet came."""
        self.flowing = False
        """Packets of it come; kept by the forwarder."""
        self.bits_per_s, self.octets_before = 0.0, 0
        """What it took lately, on the average; the ring's octets when that was looked at."""
        self.demand = Demand()
        """What its publisher is asked for, where it has one size."""
        self.routes: list[Subscription] = []
        self.awaiting: list[Subscription] = []
        """Who takes another layer of the same picture until this one's next keyframe."""
        self.fan: object = None
        """What the egress keeps from packet to packet of those it sends to; nobody else's business."""
        self.taps: list[Clip] = []
        self.thumbs: list[Subscription] = []
        """Lines of consoles' panels, which get it when everybody else has it."""
        self.loud_at = -1e9
        """When somebody last spoke into it."""
        self.wanted = False
        """Somebody should have it, whether it comes at present or not."""

    @property
    def rid(self) -> str | None:
        """The name of its layer; None on a line without layers."""
        return self.line.layers[self.layer] if self.line.layers else None

    @property
    def is_screen(self) -> bool:
        """A shared screen, which may stand still for long."""
        return self.kind is Kind.VIDEO and self.line.ordinal == 1

    @property
    def granted(self) -> bool:
        """Whether anything of it goes anywhere."""
        return bool(self.routes or self.awaiting or self.taps or self.thumbs)

    @property
    def on_stage(self) -> bool:
        """Whether the same picture goes, in any layer, to more than a few consoles."""
        same = [one for one in self.lines if one.line is self.line]
        return any(one.taps or any(to.slot not in PREVIEWS for to in one.routes) for one in same)

    def cut(self) -> None:
        """From now on nothing of it goes anywhere, not even what waits to be forwarded."""
        self.routes, self.awaiting, self.taps, self.thumbs, self.wanted = [], [], [], [], False


class Subscription:
    """One lane towards one peer, and the publication that feeds it now."""

    __slots__ = (
        "bits_per_s",
        "kind",
        "lane",
        "losses",
        "lost_fraction",
        "octets_before",
        "offered",
        "ordinal",
        "peer",
        "resent",
        "slot",
        "source",
    )

    def __init__(self, peer: Peer, slot: Slot, kind: Kind, lane: Lane, ordinal: int = 0) -> None:
        self.peer = peer
        self.slot = slot
        self.ordinal = ordinal
        """Which of the slot's lines."""
        self.kind = kind
        self.lane = lane
        self.source: Publication | None = None
        self.offered: list[Publication] = []
        """The layers of whoever is on its slot, the lowest first."""
        self.bits_per_s, self.octets_before = 0.0, 0
        """What it was sent in the last second; the lane's octets when that was looked at."""
        self.lost_fraction = 0.0
        self.losses = Losses()
        self.resent = Resent()


@dataclass(slots=True)
class Member:
    """A peer within its room."""

    peer: Peer
    publications: list[Publication]
    subscriptions: list[Subscription]
    by_ssrc: dict[int, Publication]
    lanes: dict[int, Subscription]
    """By SSRC."""
    feedback: Budget = field(default_factory=lambda: Budget(per_s=200, burst=400))
    """RTCP packets that are looked into."""
    lookups: Budget = field(default_factory=lambda: Budget(per_s=1500, burst=600))
    """Numbers that it says it misses; one packet can name thousands."""
    share: LineShare = field(default_factory=LineShare)
    """What its line carries of pictures."""
    most: dict[Slot, int] = field(default_factory=dict)
    """The highest layer that its line carries, -1 for none. Slots that are not named have no bound but what
    the line lets a picture begin with."""
    rate: dict[Kind, float] = field(default_factory=lambda: dict.fromkeys(Kind, 0.0))
    """Bits per second that it is sent, as of ``measured_at``."""
    measured_at: float = 0.0
    pictures: Pictures = Pictures.FULL
    """What its person has chosen."""
    sees_screen: bool = False
    """A shared screen is shown to it, and all else small beside that."""
    wants: dict[str, Wants] = field(default_factory=dict)
    """By the mid of each line that has layers."""
    by_rtx: dict[int, Publication] = field(default_factory=dict)
    """By the SSRC of what is sent again."""
    resends: Budget = field(default_factory=lambda: Budget(per_s=300, burst=300))
    keyframes: Budget = field(default_factory=lambda: Budget(per_s=2, burst=10))
    """Requests that it may cause."""
    rebinds: Budget = field(default_factory=lambda: Budget(per_s=1, burst=4))
    replaced: Counter[Kind] = field(default_factory=Counter)
    """Packets of publications that others have replaced."""
    rtt_ms: float | None = None
    rtt_of: int = 0
    """The sender report by which that was measured (``last_sr``)."""
    way_at: float = field(default=-1e9)
    """When its packets last took another way, as far as its line was told."""
    asked_at: float = field(default=-1e9)
    """When its round trip was last asked for."""
    protection: Protection = field(default_factory=Protection)
    """What its sound needs, by the loss on any of its lines."""
    watched: tuple[SeatId, ...] = ()
    """Whom it wants to see on its panel, line by line."""


@dataclass(slots=True)
class Room:
    members: dict[PeerId, Member] = field(default_factory=dict)
    seats: dict[SeatId, Member] = field(default_factory=dict)
    position: tuple[int, int] = (-1, -1)
    layers_due: bool = False
    """Somebody's line carries other layers than it is sent."""
    feeds: dict[Slot, Feed] = field(default_factory=dict)
    granted_at: dict[Slot, int] = field(default_factory=dict)
    """ms, when the present feed of the slot was granted, or its seat last came back."""
    echo_groups: tuple[frozenset[SeatId], ...] = ()
    panel: frozenset[SeatId] = frozenset()
    """Whom consoles may watch."""

    def granted(self, member: Member, subscription: Subscription) -> list[Publication]:
        """What a line may get now, as the stage says: ``layers`` of whom it shows or plays."""
        slot, kind, seat_id = subscription.slot, subscription.kind, self._granted(member, subscription)
        if seat_id is None or not member.peer.connected or not self.gets(member.peer.spec, seat_id, kind):
            return []
        return self.layers(seat_id, slot, kind)

    def sees_screen(self, member: Member) -> bool:
        """Whether the screen's slot has something for a member that has such a line."""
        return Slot.SCREEN in self.feeds and any(
            one.slot is Slot.SCREEN and self.granted(member, one) for one in member.subscriptions
        )

    def _granted(self, member: Member, subscription: Subscription) -> SeatId | None:
        if subscription.slot is not Slot.PANEL:
            feed = self.feeds.get(subscription.slot)
            if feed is None or (member.peer.spec.recorded_only and not feed.record):
                return None
            return feed.seat_id
        watched = dict(enumerate(member.watched)).get(subscription.ordinal)
        return watched if watched in self.panel else None

    def gets(self, spec: PeerSpec, seat_id: SeatId, kind: Kind) -> bool:
        """Whether what a seat sends is for this peer: never its own, nor sound where it is made."""
        if spec.seat_id == seat_id:
            return False
        where = spec.seat_id or spec.beside
        near = where == seat_id or any(where in group and seat_id in group for group in self.echo_groups)
        return kind is Kind.VIDEO or not near

    def claims_anothers(self, spec: PeerSpec, terms: Terms) -> bool:
        """True: the offer says that it sends what another seat of the room sends."""
        claimed = {ssrc for line in terms.sending for ssrc in line.ssrcs}
        return any(
            not claimed.isdisjoint(member.by_ssrc)
            for member in self.members.values()
            if member.peer.spec.seat_id != spec.seat_id
        )

    def layers(self, seat_id: SeatId, slot: Slot, kind: Kind) -> list[Publication]:
        """What of a seat may feed a slot, the lowest layer first; empty while it is away.

        A screen is its second picture; a second sound is nobody's.
        """
        member = self.seats.get(seat_id)
        if member is None or not member.peer.connected or (slot is Slot.SCREEN and kind is Kind.AUDIO):
            return []
        ordinal = 1 if slot is Slot.SCREEN else 0
        return [p for p in member.publications if p.kind is kind and p.line.ordinal == ordinal]


def member_of(peer: Peer) -> Member:
    """A peer's lines as its terms say, with numbering that begins at random."""
    publications: list[Publication] = []
    for sending in peer.terms.sending:
        ssrc = sending.ssrcs[0] if sending.ssrcs else None
        publications += [
            Publication(peer, sending, ssrc, publications, layer) for layer in range(len(sending.layers) or 1)
        ]
    subscriptions = [
        Subscription(
            peer,
            line.slot,
            line.kind,
            Lane(
                ssrc=line.ssrc,
                payload_type=line.payload_type,
                clock_rate=CLOCK_RATE[line.kind],
                needs_keyframe=line.kind is Kind.VIDEO,
                next_sequence=secrets.randbelow(1 << 15),
                newest_timestamp=secrets.randbelow(1 << 32),
                red_payload_type=line.red_payload_type or 0,
                spare=None if line.rtx is None else Spare(*line.rtx, secrets.randbelow(1 << 15)),
            ),
            line.ordinal,
        )
        for line in peer.terms.receiving
    ]
    return Member(
        peer=peer,
        publications=publications,
        subscriptions=subscriptions,
        by_ssrc={p.ssrc: p for p in publications if p.ssrc is not None},
        lanes={s.lane.ssrc: s for s in subscriptions},
        pictures=peer.spec.pictures,
        wants={line.mid: Wants(line.layers) for line in peer.terms.sending if line.layers},
        by_rtx={p.line.rtx_ssrcs[0]: p for p in publications if p.line.rtx_ssrcs},
    )


def spare_of(member: Member) -> Spare | None:
    """Where it can be sent padding; None: nowhere."""
    return next((s.lane.spare for s in member.subscriptions if s.lane.spare is not None), None)


SPEAKING_S = 1.0
"""Whose microphone was loud so lately speaks: longer than the pause between two words."""


def health_of(member: Member, now: float) -> PeerHealth:
    packets = dict.fromkeys(Kind, 0)
    for publication in member.publications:
        packets[publication.kind] += publication.reception.packets
    return PeerHealth(
        peer_id=member.peer.spec.peer_id,
        seat_id=member.peer.spec.seat_id,
        connected=member.peer.connected,
        audio_packets=packets[Kind.AUDIO],
        video_packets=packets[Kind.VIDEO],
        lost_fraction=max((s.lost_fraction for s in member.subscriptions), default=0.0),
        rtt_ms=member.rtt_ms,
        speaking=any(now - p.loud_at < SPEAKING_S for p in member.publications),
        seen=any(p.flowing for p in member.publications if p.kind is Kind.VIDEO and not p.is_screen),
        narrow=all(layer < 0 for layer in member.most.values())
        if member.most
        else member.share.beginning(0) < 0,
    )

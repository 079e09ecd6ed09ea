"""What a participant got, from the packets alone: speech that was missing, pictures that stood still, loss.

Pure: driven by packets, the stage and the clock (seconds, monotonic), and nothing is decoded. It takes what a
browser would take: packets in their place within a jitter buffer's time, redundant sound (RED), sent again
(NACK, RTX); pictures in order from a keyframe on. It is harsher than a browser in one thing: error correction
inside Opus is not counted, since that needs a decoder.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from rooms.media.plane import Kind, Slot

SOUND_MS = 20
"""Of speech in one packet, as every publisher sends it."""
JITTER_PACKETS = 10
"""A packet of sound that comes after so many later ones is too late to be heard: 200 ms."""
JUMP_PACKETS = 3000
"""A number that is further ahead than this is a new beginning, not a loss of a minute."""
NACK_EVERY_S, NACK_FOR_S = 0.1, 1.0
"""A missing packet of pictures is asked for again and again, then given up for a keyframe."""
PLI_EVERY_S = 0.5
SWITCH_S = 1.0
"""So long may the first picture of a new speaker take before it counts as standing still."""
OUTAGE_S = 0.5
USUAL_FRAMES = 30


@dataclass(slots=True)
class Sound:
    """Figures of what was heard, over all slots and connections."""

    packets: int = 0
    """That were due to be heard."""
    lost: int = 0
    """Of these, so many did not come by themselves."""
    concealed_ms: float = 0.0
    """Of speech that was missing when it was its turn, whatever had been tried."""


@dataclass(slots=True)
class Pictures:
    """Figures of what was seen, over all slots and connections."""

    packets: int = 0
    lost: int = 0
    frames: int = 0
    freezes: int = 0
    frozen_s: float = 0.0


class SoundLine:
    """The sound of one slot in one connection, by extended sequence numbers."""

    def __init__(self, figures: Sound) -> None:
        self._figures = figures
        self._highest = -1
        self._missing: set[int] = set()
        self._restored: set[int] = set()

    @property
    def begun(self) -> bool:
        return self._highest >= 0

    def arrived(self, index: int, earlier: int = 0) -> None:
        """A packet came itself; ``earlier`` packets before it came along in it."""
        if self._highest < 0 or index - self._highest > JUMP_PACKETS:
            self._settle(self._highest + JITTER_PACKETS)
            self._highest = index - 1
        if index > self._highest:
            self._missing.update(range(self._highest + 1, index))
            self._figures.packets += index - self._highest
            self._highest = index
        elif index in self._missing:
            self._missing.discard(index)
        elif index in self._restored:
            self._restored.discard(index)
            self._figures.lost -= 1
        for before in range(index - earlier, index):
            if before in self._missing:
                self._missing.discard(before)
                self._restored.add(before)
                self._figures.lost += 1
        self._settle(self._highest - JITTER_PACKETS)

    def _settle(self, until: int) -> None:
        """What is missing up to ``until`` was not heard."""
        if gone := {index for index in self._missing if index <= until}:
            self._missing -= gone
            self._figures.lost += len(gone)
            self._figures.concealed_ms += len(gone) * SOUND_MS
        self._restored = {index for index in self._restored if index > until}


@dataclass(frozen=True, slots=True)
class PicturePacket:
    keyframe: bool
    """It begins a keyframe."""
    last: bool
    """It ends a picture."""
    empty: bool


class PictureLine:
    """The pictures of one slot in one connection: what can be shown, what must be asked for again."""

    def __init__(self, figures: Pictures, meter: "FreezeMeter") -> None:
        self._figures = figures
        self._meter = meter
        self._next = -1
        self._highest = -1
        self._waiting: dict[int, PicturePacket] = {}
        self._missing: dict[int, tuple[float, float]] = {}
        """Index -> since when it is missing, when it was asked for last."""
        self._decodable = False
        self._asked_keyframe_at = -PLI_EVERY_S
        self.wants_keyframe = False

    def arrived(self, index: int, packet: PicturePacket, now: float, *, again: bool = False) -> None:
        """``again``: it was sent once more because it was asked for."""
        if self._highest < 0 or index - self._highest > JUMP_PACKETS:
            self._next = index
            self._highest = index - 1
            self._waiting.clear()
            self._missing.clear()
            self._decodable = False
        if index > self._highest:
            self._missing.update(dict.fromkeys(range(self._highest + 1, index), (now, -1.0)))
            self._figures.packets += index - self._highest
            self._figures.lost += index - self._highest - 1
            self._highest = index
        elif index in self._missing:
            del self._missing[index]
            # It was only out of order.
            self._figures.lost -= not again
        if index >= self._next:
            self._waiting[index] = packet
            self._meter.packets += 1
            self._show(now)

    def _show(self, now: float) -> None:
        while (packet := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            self._decodable = self._decodable or packet.keyframe
            if self._decodable and packet.last and not packet.empty:
                self._figures.frames += 1
                self._meter.shown(now)

    def due(self, now: float) -> list[int]:
        """What to ask for again now, ascending; gives up what is missing for long."""
        if any(now - since > NACK_FOR_S for since, _ in self._missing.values()):
            self._skip(now)
        asked = sorted(i for i, (_, at) in self._missing.items() if now - at >= NACK_EVERY_S)
        self._missing |= {index: (self._missing[index][0], now) for index in asked}
        lacks = self._highest >= 0 and not self._decodable
        self.wants_keyframe = lacks and now - self._asked_keyframe_at >= PLI_EVERY_S
        if self.wants_keyframe:
            self._asked_keyframe_at = now
        return asked

    def _skip(self, now: float) -> None:
        """Go on at the next keyframe; without one yet, at what comes next."""
        keyframes = [index for index, packet in self._waiting.items() if packet.keyframe]
        self._next = min(keyframes, default=self._highest + 1)
        self._decodable = False
        self._missing = {i: asked for i, asked in self._missing.items() if i >= self._next}
        self._waiting = {i: packet for i, packet in self._waiting.items() if i >= self._next}
        self._show(now)


class FreezeMeter:
    """How long a slot's picture stood still while somebody was to be seen in it, as browsers count it.

    A picture that stays longer than three times the usual, and at least 150 ms longer, is a freeze of its
    whole stay (W3C webrtc-stats, ``totalFreezesDuration``). Connections come and go below it.
    """

    def __init__(self, figures: Pictures) -> None:
        self._figures = figures
        self._since: float | None = None
        """When the one who is seen now came into the slot."""
        self._shown_at: float | None = None
        self._usual: deque[float] = deque(maxlen=USUAL_FRAMES)
        self.packets = 0
        """Of the one who is seen now."""

    def opened(self, now: float) -> None:
        self._since, self._shown_at, self.packets = now, None, 0

    def closed(self, now: float) -> None:
        if self._since is not None:
            # Without any packet there may be no camera.
            if self._shown_at is not None:
                self._stayed(now - self._shown_at)
            elif self.packets and now - self._since > SWITCH_S:
                self._froze(now - self._since)
        self._since = None

    def shown(self, now: float) -> None:
        if self._since is None:
            return  # a last picture of who has left the stage
        if self._shown_at is not None:
            self._stayed(now - self._shown_at)
        elif now - self._since > SWITCH_S:
            self._froze(now - self._since)
        self._shown_at = now

    def _stayed(self, seconds: float) -> None:
        usual = sum(self._usual) / len(self._usual) if self._usual else 0.1
        if seconds >= max(3 * usual, usual + 0.15):
            self._froze(seconds)
        else:
            self._usual.append(seconds)

    def _froze(self, seconds: float) -> None:
        self._figures.freezes += 1
        self._figures.frozen_s += seconds


@dataclass(slots=True)
class _Place:
    """One slot."""

    meter: FreezeMeter
    seat_id: str | None = None
    since: float = 0.0
    sound_at: float | None = None
    """When its sound came last, of the one who is on it now."""
    sound: SoundLine | None = None
    pictures: PictureLine | None = None


@dataclass(slots=True)
class Reception:
    """Of one seat, over all its connections. ``own``: its seat, whose own sound and picture it never gets."""

    own: str
    sound: Sound = field(default_factory=Sound)
    pictures: Pictures = field(default_factory=Pictures)
    first_sound_at: float | None = None
    watched_s: float = 0.0
    """How long somebody else was on the stage; two at a time count twice."""
    _places: dict[Slot, _Place] = field(default_factory=dict)

    def connected(self) -> tuple[dict[Slot, SoundLine], dict[Slot, PictureLine]]:
        """The lines of a new connection."""
        sounds: dict[Slot, SoundLine] = {}
        pictures: dict[Slot, PictureLine] = {}
        for slot in (Slot.AULA, Slot.SPEAKER, Slot.RESPONDER):
            place = self._place(slot)
            sounds[slot] = place.sound = SoundLine(self.sound)
            pictures[slot] = place.pictures = PictureLine(self.pictures, place.meter)
        return sounds, pictures

    def staged(self, slots: Mapping[str, str | None], now: float) -> None:
        """Who is on which slot from now on."""
        for slot in (Slot.AULA, Slot.SPEAKER, Slot.RESPONDER):
            place, seat_id = self._place(slot), slots.get(slot)
            seat_id = None if seat_id == self.own else seat_id
            if seat_id == place.seat_id:
                continue
            if place.seat_id is not None:
                self.watched_s += now - place.since
                place.meter.closed(now)
            place.seat_id, place.since, place.sound_at = seat_id, now, None
            if seat_id is not None:
                place.meter.opened(now)

    def heard(self, slot: Slot, index: int, earlier: int, now: float) -> None:
        """A packet of sound came."""
        place = self._place(slot)
        assert place.sound is not None, "packets come in a connection"
        # Numbers tell of what is lost within a connection; between two of them only the clock does.
        gap_s = 0.0 if place.sound.begun or place.sound_at is None else now - place.sound_at
        if gap_s > OUTAGE_S:
            self._outage(gap_s)
        if place.seat_id is not None:
            place.sound_at = now
            self.first_sound_at = self.first_sound_at or now
        place.sound.arrived(index, earlier)

    def finished(self, now: float, *, connected: bool) -> None:
        """The end of the rehearsal."""
        for place in self._places.values():
            if place.sound_at is not None and not connected:
                self._outage(now - place.sound_at)
        self.staged({}, now)

    def _outage(self, seconds: float) -> None:
        packets = round(seconds * 1000 / SOUND_MS)
        self.sound.packets += packets
        self.sound.lost += packets
        self.sound.concealed_ms += packets * SOUND_MS

    def _place(self, slot: Slot) -> _Place:
        if slot not in self._places:
            self._places[slot] = _Place(FreezeMeter(self.pictures))
        return self._places[slot]


def received() -> list[tuple[Slot, Kind]]:
    """The lines that a participant's browser receives, in their order."""
    both = [(slot, kind) for slot in (Slot.AULA, Slot.SPEAKER, Slot.RESPONDER) for kind in Kind]
    return [*both, (Slot.SCREEN, Kind.VIDEO)]

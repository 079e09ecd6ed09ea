"""What leaves when: sound at once, pictures in slices of the loop and within the line's budget.

A keyframe to a full hall is megabytes; sent in one go it would hold up the sound behind it, here and in the
first narrow switch. So pictures wait in one queue, bounded in number and in time. What waited too long is
dropped by whole pictures and its receivers keep the last one until the next keyframe, which is asked for when
there is room again; sound is charged to the budget but never waits and is never dropped. Small pictures of
consoles' panels wait behind all others and are the first to be left out. Time is ``clock``.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from time import monotonic

from rooms.media.embedded.members import Publication, Subscription
from rooms.media.embedded.slots import SourcePacket

VIDEO_SLICE_S = 0.001
PART_PACKETS = 640
"""At once, over all receivers: about 1 ms, so that no slice is longer than 2 ms."""
MOST_TOGETHER = 32
"""Packets of one source, to each receiver."""
MOST_VIDEO_WAITING = 2000
"""Packets: several keyframes of every camera, or a second of a room that the machine cannot carry."""
LONGEST_WAIT_S = 1.0
MOST_THUMBS_WAITING, LONGEST_THUMB_WAIT_S = 500, 0.3
"""The same of consoles' panels."""
CREDIT_S, DEBT_S = 0.01, 0.25
"""How much of the budget may be saved up in silence, and how far sound may overdraw it."""
RESEND_WAIT_S = 0.05
"""Nothing is sent again while the line is behind by more: it would come too late, and the rest later."""
OVERHEAD_BYTES = 56
"""Of each packet: IP, UDP, RTP and the authentication tag."""
SHARED = 0.9
"""Of what sound leaves of the budget, for publishers' pictures; the rest is for keyframes and resends."""
LEAST_PICTURE_BITS_PER_S = 50_000

Defer = Callable[[float, Callable[[], None]], object]
"""Runs something after a delay in s; 0: when the loop comes round again."""


@dataclass(slots=True)
class _Waiting:
    source: Publication
    packet: SourcePacket
    since: float


@dataclass(frozen=True, slots=True)
class Line:
    """Where pictures that waited go."""

    forward: Callable[[Publication, Sequence[SourcePacket], float], Iterator[object]]
    """Part by part, each no longer than sound may be held up; calls ``Pacer.spend``."""
    ask_keyframe: Callable[[Publication, float], None]
    routes: Callable[[Publication], list[Subscription]]
    """Who receives a source by it."""
    together: bool = False
    """Whether MOST_TOGETHER of a source may be forwarded as one: a keyframe is through sooner."""


class _Queue:
    """Pictures that wait for one line, bounded in number and in time."""

    def __init__(self, line: Line, most: int, longest_s: float, drop: Callable[[int], None]) -> None:
        """``drop`` is told how many packets were left out."""
        self.line = line
        self._most, self._longest_s, self._drop = most, longest_s, drop
        self._waiting: deque[_Waiting] = deque()
        self._resting: list[Publication] = []
        """Whose receivers wait for a keyframe since something of it was dropped."""
        self._begun: Iterator[object] | None = None
        """What was begun to be forwarded, and is not through."""

    def __bool__(self) -> bool:
        return self._begun is not None or bool(self._waiting)

    def put(self, source: Publication, packet: SourcePacket, now: float) -> None:
        if source in self._resting:
            if not packet.keyframe:
                self._drop(1)
                return
            self._resting.remove(source)
        self._waiting.append(_Waiting(source, packet, now))
        while self._waiting and (
            len(self._waiting) > self._most or now - self._waiting[0].since > self._longest_s
        ):
            self._leave_out(self._waiting[0].source)

    def forward_some(self, now: float) -> None:
        """A part of what is first."""
        while self:
            if self._begun is None:
                source = self._waiting[0].source
                self._begun = self.line.forward(source, self._take(source), now)
            if next(self._begun, None) is not None:
                return
            self._begun = None

    def _take(self, source: Publication) -> list[SourcePacket]:
        most = MOST_TOGETHER if self.line.together else 1
        packets: list[SourcePacket] = []
        others: list[_Waiting] = []
        while self._waiting and len(packets) < most:
            waiting = self._waiting.popleft()
            if waiting.source is source:
                packets.append(waiting.packet)
            else:
                others.append(waiting)
        self._waiting.extendleft(reversed(others))
        return packets

    def ask_keyframes(self, now: float) -> None:
        """There is room again."""
        self._resting = [source for source in self._resting if self.line.routes(source)]
        for source in self._resting:
            self.line.ask_keyframe(source, now)

    def _leave_out(self, source: Publication) -> None:
        """All that waits of ``source`` before its newest keyframe, if there is a newer one than its first."""
        own = [waiting for waiting in self._waiting if waiting.source is source]
        keep_from = next((at for at in range(len(own) - 1, 0, -1) if own[at].packet.keyframe), len(own))
        late = {id(waiting) for waiting in own[:keep_from]}
        self._waiting = deque(waiting for waiting in self._waiting if id(waiting) not in late)
        self._drop(len(late))
        for subscription in self.line.routes(source):
            subscription.lane.rest()
        if keep_from == len(own):
            self._resting.append(source)


class Pacer:
    def __init__(
        self,
        dropped: Counter[str],
        bits_per_s: float,
        stage: Line,
        panel: Line,
        defer: Defer,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """``bits_per_s``: the budget of the server's line; 0: none."""
        self._dropped = dropped
        self._bits_per_s = bits_per_s
        self._stage = _Queue(stage, MOST_VIDEO_WAITING, LONGEST_WAIT_S, self._counts("video_late"))
        self._panel = _Queue(panel, MOST_THUMBS_WAITING, LONGEST_THUMB_WAIT_S, self._counts("thumb_late"))
        self._defer = defer
        self._clock = clock
        self._scheduled = False
        self._free_at = 0.0
        """When the line will have carried all that was handed to it."""
        self._sound_bytes, self._sound_since, self._sound_bits_per_s = 0, clock(), 0.0

    def _counts(self, cause: str) -> Callable[[int], None]:
        def count(packets: int) -> None:
            self._dropped[cause] += packets

        return count

    def spend(self, octets: int, *, sound: bool = False) -> None:
        """So much leaves now, headers included."""
        if not self._bits_per_s:
            return
        now = self._clock()
        start = max(self._free_at, now - CREDIT_S)
        self._free_at = min(start + octets * 8 / self._bits_per_s, now + DEBT_S)
        if sound:
            self._sound_bytes += octets

    def may_resend(self, octets: int) -> bool:
        """Charged when True; else counted as dropped."""
        if self._free_at - self._clock() > RESEND_WAIT_S:
            self._dropped["resend_late"] += 1
            return False
        self.spend(octets)
        return True

    def picture_bits_per_s(self, most: int, routes: int) -> int:
        """What each publisher's pictures may use, when all of them together go out ``routes`` times."""
        return round(min(most, max(LEAST_PICTURE_BITS_PER_S, self.share_of(routes))))

    def share_of(self, parts: int) -> float:
        """One of so many equal parts of what the line has for pictures, bit/s; without a budget no bound."""
        if not self._bits_per_s:
            return inf
        now = self._clock()
        if now - self._sound_since >= 1.0:
            self._sound_bits_per_s = self._sound_bytes * 8 / (now - self._sound_since)
            self._sound_bytes, self._sound_since = 0, now
        return SHARED * (self._bits_per_s - self._sound_bits_per_s) / max(1, parts)

    def postpone(self, source: Publication, packet: SourcePacket) -> None:
        """Forward a packet of a picture in its turn."""
        now = self._clock()
        self._stage.put(source, packet, now)
        self._schedule(now)

    def spare(self, source: Publication, packet: SourcePacket) -> None:
        """Likewise to consoles' panels, once nothing else waits."""
        now = self._clock()
        self._panel.put(source, packet, now)
        self._schedule(now)

    def _schedule(self, now: float) -> None:
        if not self._scheduled:
            self._scheduled = True
            self._defer(max(0.0, self._free_at - now), self._forward_some)

    def _forward_some(self) -> None:
        """For VIDEO_SLICE_S; then the loop may read what came meanwhile, and sound goes out at once.

        Routes are looked at now and not on arrival: what was revoked while it waited is not sent.
        """
        self._scheduled = False
        now = self._clock()
        until = now + VIDEO_SLICE_S
        while (first := self._stage or self._panel) and self._free_at <= now:
            first.forward_some(now)
            now = self._clock()
            if now >= until:
                break
        if self._stage or self._panel:
            self._schedule(now)
        if not self._stage:
            self._stage.ask_keyframes(now)
        if not (self._stage or self._panel):
            self._panel.ask_keyframes(now)

"""What of the stage goes to the recorder: a clip for each recorded feed, fed from its seat's lines.

Of a picture in several sizes the highest that comes is recorded. Driven by the forwarder; never waits.
"""

from collections.abc import Callable
from time import time_ns

from rooms.ids import RoomId
from rooms.media.embedded import rtcp
from rooms.media.embedded.clips import ClipBook
from rooms.media.embedded.intake import rtp_of
from rooms.media.embedded.layers import best_of
from rooms.media.embedded.members import Publication, Room
from rooms.media.embedded.slots import SourcePacket
from rooms.media.plane import Kind, Slot
from rooms.recording import feed as recording

MEDIUM = {Kind.AUDIO: recording.AUDIO, Kind.VIDEO: recording.VIDEO}


class Taps:
    def __init__(self, clips: ClipBook, record: Callable[[recording.FeedFrame], bool]) -> None:
        self._clips = clips
        self._record = record

    def stand(self, room_id: RoomId, room: Room, slot: Slot) -> Publication | None:
        """Tap what a slot's clip is to be fed from; the picture, if that is another now."""
        feed = room.feeds.get(slot)
        member = room.seats.get(feed.seat_id) if feed is not None else None
        carrier = member.peer if member is not None and member.peer.connected else None
        granted_at = room.granted_at.get(slot, 0) or _now_us() // 1000
        clip, opened = self._clips.stand(room_id, slot, feed, carrier, granted_at)
        if clip is None or feed is None:
            return None
        changed: Publication | None = None
        for kind in Kind:
            offered = room.layers(feed.seat_id, slot, kind)
            source = best_of(offered)
            if source is None:
                continue
            offered[-1].wanted = True
            source.taps.append(clip)
            if kind is Kind.VIDEO and (opened or clip.picture is not source):
                clip.picture = changed = source
        return changed

    def packet(self, source: Publication, packet: SourcePacket) -> None:
        data = rtp_of(source, packet)
        for clip in source.taps:
            self._record(recording.Rtp(clip.number, MEDIUM[source.kind], _now_us(), data))

    def report(self, source: Publication, report: rtcp.SenderReport) -> None:
        for clip in source.taps:
            self._record(
                recording.SenderReport(
                    clip.number, MEDIUM[source.kind], _now_us(), report.ntp, report.rtp_time
                )
            )


def _now_us() -> int:
    """The time of day, which a long session must not drift away from."""
    return time_ns() // 1000

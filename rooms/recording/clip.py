"""One clip: packets of a seat's sound and picture in, a WebM file and its manifest out.

Driven by the recorder, which gives it every frame of the feed in the order of arrival. Whatever a publisher
sends, the sound track has no holes (players run picture and sound apart over a hole), and the picture starts
with a keyframe and never shows the smear after a loss.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

from rooms.recording import manifest, opus, vp8
from rooms.recording.clock import ClipClock
from rooms.recording.feed import AUDIO, VIDEO, OpenClip, Rtp, SenderReport
from rooms.recording.manifest import Clip
from rooms.recording.rtp import Arrived, Reorder, parse
from rooms.recording.webm import Contents, GrowingFile, finish, write_atomically

SOUND_LAG_US = 1_500_000
"""Sound that is so far behind the picture will not come any more (packets are waited for 1 s)."""
OVERLAP_US = 60_000
"""Sound may run so far ahead of its instant; beyond, picture and sound would be seen apart."""
SETTLING_US = 2_000_000
"""While a clip is so young, sound that comes earlier than the file can take it moves the file's beginning;
later it is left out, since what is written already stands right."""


class _Source:
    """One RTP stream while it lasts; a publisher that joins anew brings another."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self.reorder = Reorder()
        self.assembler = vp8.Assembler()


class GrowingClip:
    """A clip that is being recorded. Raises ValueError or OSError when it cannot be begun."""

    def __init__(self, directory: Path, opening: OpenClip) -> None:
        self.clip = manifest.opened(opening)
        self.garbled = 0
        """Packets that could not be understood."""
        self._directory = directory
        path = directory / self.clip.file
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = GrowingFile(path)
        self._clock = ClipClock()
        self._sources: dict[int, _Source] = {}
        self._zero_us: int | None = None
        self._sounds_to_us = 0
        self._picture_at_us = 0
        self._save(self.clip)

    def packet(self, frame: Rtp) -> None:
        try:
            packet = parse(frame.packet)
            if frame.medium not in (AUDIO, VIDEO):
                raise ValueError("no such medium")
        except ValueError:
            self.garbled += 1
            return
        source = self._sources.get(frame.medium)
        if source is None or source.ssrc != packet.ssrc:
            if source is not None:
                self._retire(frame.medium, source)
            source = self._sources[frame.medium] = _Source(packet.ssrc)
        self._take(frame.medium, source, source.reorder.add(packet, frame.arrived_at_us))

    def report(self, frame: SenderReport) -> None:
        if frame.medium in self._sources:
            self._clock.report(frame.medium, frame.ntp, frame.rtp_time)

    def close(self, closed_at: int, interrupted: bool) -> None:
        """End the growing file; what is left to do needs no more packets."""
        for medium, source in list(self._sources.items()):
            self._retire(medium, source)
        self._fill_sound(self._picture_at_us)
        self._file.close()
        self._save(dataclasses.replace(self.clip, closed_at=closed_at, interrupted=interrupted))

    def _retire(self, medium: int, source: _Source) -> None:
        self._take(medium, source, source.reorder.drain())
        lost, clip = source.reorder.lost, self.clip
        if medium == AUDIO:
            self.clip = dataclasses.replace(clip, lost_audio=clip.lost_audio + lost)
        else:
            dropped = clip.dropped_frames + source.assembler.dropped
            self.clip = dataclasses.replace(clip, lost_video=clip.lost_video + lost, dropped_frames=dropped)
        self._clock.restart(medium)
        del self._sources[medium]

    def _take(self, medium: int, source: _Source, arrived: Sequence[Arrived]) -> None:
        for one in arrived:
            try:
                if medium == AUDIO:
                    self._sound(one)
                elif (frame := source.assembler.add(one)) is not None:
                    self._picture(frame)
            except ValueError:
                self.garbled += 1

    def _sound(self, one: Arrived) -> None:
        data = one.packet.payload
        if not data:
            return
        duration_us = opus.duration_us(data)
        at_us = self._since_zero(self._clock.place(AUDIO, one.packet.timestamp, one.at_us))
        overlap_us = self._sounds_to_us - at_us
        if overlap_us > OVERLAP_US:
            if at_us > SETTLING_US:
                return
            self._begin_earlier(overlap_us)
        self._fill_sound(at_us)
        at_us = max(at_us, self._sounds_to_us)
        self._file.write(AUDIO, at_us // 1000, data, keyframe=True)
        self._sounds_to_us = at_us + duration_us

    def _picture(self, frame: vp8.Frame) -> None:
        at_us = self._since_zero(self._clock.place(VIDEO, frame.timestamp, frame.at_us))
        self._picture_at_us = max(at_us, self._picture_at_us)
        self._fill_sound(at_us - SOUND_LAG_US)
        self._file.write(VIDEO, at_us // 1000, frame.data, frame.keyframe)

    def _fill_sound(self, until_us: int) -> None:
        while self._sounds_to_us + opus.SILENCE_US <= until_us:
            self._file.write(AUDIO, self._sounds_to_us // 1000, opus.SILENCE, keyframe=True)
            self._sounds_to_us += opus.SILENCE_US

    def _since_zero(self, instant_us: int) -> int:
        if self._zero_us is None:
            self._zero_us = instant_us
            self._save(dataclasses.replace(self.clip, started_at=instant_us // 1000))
        return max(instant_us - self._zero_us, 0)

    def _begin_earlier(self, by_us: int) -> None:
        """The packets that the file began with were late: its time 0 was that much before they came."""
        assert self._zero_us is not None
        self._zero_us -= by_us
        self._save(dataclasses.replace(self.clip, started_at=self._zero_us // 1000))

    def _save(self, clip: Clip) -> None:
        self.clip = clip
        save(self._directory, clip)


def save(directory: Path, clip: Clip) -> None:
    write_atomically(manifest.path_of(directory, clip), manifest.dump(clip))


def complete(directory: Path, clip: Clip) -> Clip:
    """Make a closed or orphaned clip's file seekable and its manifest final. Blocks; may run again."""
    contents: Contents = finish(directory / clip.file)
    started = clip.started_at if contents.duration_ms else None
    closed = clip.closed_at
    if closed is None:
        closed = clip.opened_at if started is None else started + contents.duration_ms
    clip = dataclasses.replace(
        clip,
        started_at=started,
        closed_at=closed,
        duration_ms=contents.duration_ms,
        keyframes=contents.keyframes,
        complete=True,
        interrupted=clip.interrupted or clip.closed_at is None,
    )
    save(directory, clip)
    return clip

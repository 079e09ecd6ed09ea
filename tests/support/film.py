"""A real recording for tests: four colours of four seconds with a tone, as a recorder leaves it."""

from pathlib import Path

from rooms.recording.clip import GrowingClip, complete
from rooms.recording.feed import OpenClip
from rooms.recording.manifest import Clip
from tests.support.loops import Publisher, colours, feed_of, tone

SECTION_S = 4
HUES = (220.0, 30.0, 120.0, 300.0)
TOTAL_S = SECTION_S * len(HUES)
KEYFRAMES_S = 2


def growing(directory: Path, room_id: str, started_at: int, clip_id: str = "film") -> GrowingClip:
    clip = GrowingClip(directory, OpenClip(1, clip_id, room_id, "aula", "aula", None, started_at))
    pictures = colours((hue for hue in HUES for _ in range(SECTION_S * 15)), keyframe_every=KEYFRAMES_S * 15)
    video = list(Publisher(1).video(pictures))
    for frame in feed_of(1, started_at * 1000, video, Publisher(2).audio(tone(TOTAL_S))):
        clip.packet(frame)
    return clip


def film(directory: Path, room_id: str, started_at: int, clip_id: str = "film") -> Clip:
    """Keyframes every two seconds; it is the hall's."""
    clip = growing(directory, room_id, started_at, clip_id)
    clip.close(started_at + TOTAL_S * 1000, interrupted=False)
    return complete(directory, clip.clip)

"""R47 on the embedded plane: a speaker and who answers are both seen, heard and recorded, each as its own."""

import asyncio

from rooms.follow import plane_stage
from rooms.ids import RoomId, TurnId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.embedded.settings import MediaSettings
from rooms.media.plane import Slot
from rooms.meeting.commands import CallResponder, EndInterjection
from rooms.meeting.stage import stage
from rooms.recording.feed import AUDIO, VIDEO, CloseClip
from tests.rooms.media.test_recording_feed import media_of, opened, until
from tests.support.media_peer import MediaPeer
from tests.support.meeting import AULA, GLAGAH_1, LICIN_1, call, session

ROOM = RoomId("hall")
RED, GREEN, BLUE = (200, 40, 40), (40, 200, 40), (40, 40, 200)
SLOTS = (Slot.AULA, Slot.SPEAKER, Slot.RESPONDER)


async def test_R47_speaker_and_responder_are_both_seen_heard_and_recorded(
    plane: EmbeddedPlane, media_settings: MediaSettings
) -> None:
    seats = {AULA: (RED, 400.0), LICIN_1: (GREEN, 700.0), GLAGAH_1: (BLUE, 1000.0)}
    peers = [MediaPeer(plane, ROOM, s, colour=c, hz=hz, slots=SLOTS) for s, (c, hz) in seats.items()]
    viewer = MediaPeer(plane, ROOM, "viewer", seat=False, slots=SLOTS)
    everybody = [*peers, viewer]
    s = session()
    async with asyncio.timeout(240):
        await asyncio.gather(*(peer.join() for peer in everybody))
        s.do(call(1, LICIN_1))
        await plane.set_stage(ROOM, 1, 1, plane_stage(stage(s.meeting)))
        await viewer.until_shows(Slot.SPEAKER, GREEN)
        s.do(CallResponder(TurnId("jawab"), GLAGAH_1))
        await plane.set_stage(ROOM, 1, 2, plane_stage(stage(s.meeting)))
        await asyncio.gather(
            viewer.until_shows(Slot.RESPONDER, BLUE),
            viewer.until_sounds(Slot.RESPONDER, 1000),
            viewer.until_shows(Slot.SPEAKER, GREEN),
            viewer.until_sounds(Slot.SPEAKER, 700),
            peers[1].until_sounds(Slot.RESPONDER, 1000),
            peers[2].until_sounds(Slot.SPEAKER, 700),
        )
        await until(media_settings, lambda f: len(opened(f)) == 3 and len(media_of(f, 3, VIDEO)) > 5)
        s.do(EndInterjection(TurnId("jawab")))
        await plane.set_stage(ROOM, 1, 3, plane_stage(stage(s.meeting)))
        found = await until(media_settings, lambda f: any(isinstance(frame, CloseClip) for frame in f))
    clips = {clip.slot: clip for clip in opened(found)}
    assert {(slot, clip.seat_id, clip.turn_id) for slot, clip in clips.items()} == {
        ("aula", AULA, None),
        ("speaker", LICIN_1, "t1"),
        ("responder", GLAGAH_1, "jawab"),
    }
    assert [f.clip for f in found if isinstance(f, CloseClip)] == [clips["responder"].clip]
    for medium in (AUDIO, VIDEO):
        assert len(media_of(found, clips["responder"].clip, medium)) > 5
    await asyncio.gather(*(peer.leave() for peer in everybody))

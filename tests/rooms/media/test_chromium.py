"""The embedded plane with real Chromium: offices publish, a viewer receives through fixed slots."""

import asyncio

from rooms.ids import PeerId, RoomId, SeatId
from rooms.media.embedded.plane import EmbeddedPlane
from rooms.media.plane import Feed, Kind, Slot, Stage
from tests.support import media_page

ROOM = RoomId("hall")
SLOTS = (Slot.AULA, Slot.SPEAKER)
GREEN, BLUE, RED = 120, 240, 0


def speaking(seat: str) -> Stage:
    return Stage({Slot.SPEAKER: Feed(SeatId(seat), None, False)})


async def test_a_viewer_sees_and_hears_each_called_office_without_negotiating_again(
    plane: EmbeddedPlane,
) -> None:
    async with (
        media_page.media_origin(plane) as origin,
        media_page.chromium() as browser,
        asyncio.timeout(240),
    ):
        green, _ = await media_page.join(
            browser, origin, ROOM, "desa_hijau", seated=True, slots=SLOTS, layers=True
        )
        blue, _ = await media_page.join(browser, origin, ROOM, "desa_biru", seated=True, slots=SLOTS)
        red, _ = await media_page.join(browser, origin, ROOM, "desa_merah", seated=True, slots=SLOTS)
        viewer, _ = await media_page.join(browser, origin, ROOM, "viewer", seated=False, slots=SLOTS)
        await green.evaluate("() => speak(120, 500)")
        await blue.evaluate("() => speak(240, 800)")
        await red.evaluate("() => speak(0, 1100)")

        for seq, (seat, hue) in enumerate(
            (("desa_hijau", GREEN), ("desa_biru", BLUE), ("desa_hijau", GREEN))
        ):
            await plane.set_stage(ROOM, 1, seq, speaking(seat))
            await media_page.until_hue(viewer, Slot.SPEAKER, hue)
            if hue == GREEN:
                # Of a picture in two sizes the large one, as soon as it comes.
                await media_page.until_width(viewer, Slot.SPEAKER, 640)

        await media_page.until_frames(viewer, Slot.SPEAKER, 20)
        await media_page.until(
            viewer,
            "(slot) => stats(slot, 'audio').then((now) => now.totalAudioEnergy > 0)",
            str(Slot.SPEAKER),
        )
        for kind in Kind:
            figures = await media_page.stats(viewer, Slot.SPEAKER, kind)
            assert figures["packetsLost"] == 0
        assert await viewer.evaluate("() => state.negotiations") == 0

        # Red sends all the time and was never called: nothing of it arrives anywhere.
        heard = {member.peer_id: member for member in await plane.health(ROOM)}
        assert heard[PeerId("desa_merah")].video_packets > 0
        assert await viewer.evaluate("() => hueOf('aula')") is None
        assert (await media_page.stats(viewer, Slot.AULA, Kind.VIDEO)).get("packetsReceived", 0) == 0
        # Called, it is seen by everybody but itself.
        await plane.set_stage(ROOM, 1, 9, speaking("desa_merah"))
        await asyncio.gather(
            media_page.until_hue(viewer, Slot.SPEAKER, RED), media_page.until_hue(green, Slot.SPEAKER, RED)
        )
        own = await media_page.stats(red, Slot.SPEAKER, Kind.VIDEO)
        await media_page.until_frames(viewer, Slot.SPEAKER, 20)
        assert (await media_page.stats(red, Slot.SPEAKER, Kind.VIDEO))["packetsReceived"] == own[
            "packetsReceived"
        ]


async def test_an_offices_microphone_rests_in_silence_and_the_halls_goes_on(plane: EmbeddedPlane) -> None:
    async with (
        media_page.media_origin(plane) as origin,
        media_page.chromium() as browser,
        asyncio.timeout(240),
    ):
        office, hall = [
            (await media_page.join(browser, origin, ROOM, name, seated=True, slots=SLOTS, rests=rests))[0]
            for name, rests in (("desa", True), ("aula", False))
        ]
        viewer, _ = await media_page.join(browser, origin, ROOM, "viewer", seated=False, slots=SLOTS)
        feeds = {
            Slot.AULA: Feed(SeatId("aula"), None, False),
            Slot.SPEAKER: Feed(SeatId("desa"), None, False),
        }
        await plane.set_stage(ROOM, 1, 1, Stage(feeds))
        await asyncio.gather(*(page.evaluate("() => speak(120, 500, 0)") for page in (office, hall)))
        await media_page.until(hall, "() => spoken().then((packets) => packets > 150)")
        rested, went_on = [await page.evaluate("() => spoken()") for page in (office, hall)]
        assert 0 < rested < went_on / 3
        # Nobody's packets are lost or doubled on the way, though each carries its last one along.
        await media_page.until(
            viewer,
            "(slot) => stats(slot, 'audio').then((now) => now.packetsReceived > 100)",
            str(Slot.AULA),
        )
        heard = await media_page.stats(viewer, Slot.AULA, Kind.AUDIO)
        assert heard["packetsLost"] == 0
        assert not {"unbound", "foreign_payload", "malformed_red"} & (await plane.dropped()).keys()

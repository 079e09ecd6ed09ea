"""Bad offers and ungranted sound at the real gate: a personal link, the server, the media process, real DTLS.

What is refused is refused with a stable code and leaves everything as it was; what cannot be placed is
dropped and counted by its cause.
"""

import asyncio
import io
import json
from typing import Any

from rooms.media.embedded.sdp import MOST_LINES
from server.access import Role
from tests.support.app import (
    KEMIREN,
    PATIENCE_S,
    SARONGAN,
)
from tests.support.gate import Lines, body, call, gate, hear, join, sound, until
from tests.support.media_load import Ear

SENDING: Lines = [("m", "audio", 5001), ("c", "video", 5002)]


def spoiled_offers(ear: Ear) -> dict[str, tuple[int, str, dict[str, Any]]]:
    good = body(ear, SENDING)
    sdp = str(good["sdp"])
    many: Lines = [(f"l{at}", "audio", None) for at in range(MOST_LINES + 1)]
    sources = "".join(f"a=ssrc:{at} cname:x\r\n" for at in range(300, 800))
    return {
        "too many m-lines": (422, "too_many_lines", body(ear, many, "aula")),
        "m-lines that are not named": (422, "too_many_lines", good | {"sdp": sdp + "m=audio 9 X 0\r\n" * 60}),
        "m-lines between unusual breaks": (
            422,
            "too_many_lines",
            good | {"sdp": sdp + "\u2028m=audio 9 X 0" * 60},
        ),
        "a foreign codec for sound": (422, "no_codec", good | {"sdp": sdp.replace("opus", "speex")}),
        "a foreign codec for pictures": (422, "no_codec", good | {"sdp": sdp.replace("VP8", "H264")}),
        "one mid on two lines": (422, "bad_line", good | {"sdp": sdp.replace("a=mid:c", "a=mid:m")}),
        "one mid named twice": (422, "bad_line", good | {"lines": [*good["lines"], good["lines"][0]]}),
        "one source on two lines": (422, "bad_line", good | {"sdp": sdp.replace("5002", "5001")}),
        "more sources than a browser has": (422, "too_large", good | {"sdp": sdp + sources}),
        "another seat's source": (422, "ssrc_taken", body(ear, [("m", "audio", 6001)])),
        "an offer of 100 KB": (422, "too_large", good | {"sdp": sdp + "a=x\r\n" * 20_000}),
        "a body of 1 MB": (413, "too_large", good | {"sdp": sdp + "a=x\r\n" * 200_000}),
    }


async def test_offers_that_cannot_be_taken_are_refused_with_a_reason_and_change_nothing() -> None:
    async with gate() as (house, plane):
        office, other = await house.visit(KEMIREN), await house.visit(SARONGAN)
        there = Ear()
        await join(other, there, [("m", "audio", 6001), ("c", "video", 6002)])
        await until(lambda: plane.health(house.room_id), lambda peers: any(peer.connected for peer in peers))
        before, epoch = await plane.health(house.room_id), plane.worker_epoch(house.room_id)
        comer = Ear()
        for name, (wanted, code, offer) in spoiled_offers(comer).items():
            data = io.BytesIO(json.dumps(offer).encode())
            status, refused = await office.request("POST", "media/offer", data=data)
            assert (status, refused["code"]) == (wanted, code), name
            assert refused["title"], name
        assert await plane.health(house.room_id) == before
        # The device itself is welcome, and so is a seat that comes again with what it sent before.
        await join(office, comer, SENDING)
        again = Ear()
        await join(other, again, [("m", "audio", 6001), ("c", "video", 6002)])
        assert plane.worker_epoch(house.room_id) == epoch
        for ear in (there, comer, again):
            await ear.close()


async def test_sound_without_a_line_or_without_the_floor_is_dropped_and_counted() -> None:
    async with gate() as (house, plane):
        operator = (await house.opened()).sockets[0]
        ears: dict[str, Ear] = {}
        for at, kode in enumerate((KEMIREN, SARONGAN)):
            office, ears[kode] = await house.visit(kode), Ear()
            line = await office.connect()
            await line.command("give_consent", consent="direkam")
            await line.send(type="media_state", can_publish=True)
            await line.until("own", lambda own: own["connected"])
            await join(office, ears[kode], [("m", "audio", 5001 + 1000 * at)])
        listener, speaker, liar = Ear(), ears[KEMIREN], ears[SARONGAN]
        await join(await house.visit(Role.PENINJAU), listener, [("a", "audio", None)], "speaker")
        listener.hand_over()
        async with asyncio.timeout(PATIENCE_S):
            turn_id = await call(operator, KEMIREN)
            speaker.send_rtp(sound(5001, 1, b"granted"))
            assert await hear(listener) == b"granted"

            # Under the speaker's own number; under one that nobody named; and with a line, but no floor.
            for number in range(2, 7):
                liar.send_rtp(sound(5001, number, b"a lie"))
                liar.send_rtp(sound(9999, number, b"a lie"))
                liar.send_rtp(sound(6001, number, b"a lie"))
            dropped = await until(plane.dropped, lambda now: now.get("not_granted", 0) >= 5)
            assert (dropped["unbound"], dropped["not_granted"]) == (10, 5)

            ended = await operator.command("end_turn", turn_id=turn_id)
            await operator.until_applied(ended)
            for number in range(2, 9):
                speaker.send_rtp(sound(5001, number, b"too late"))
            dropped = await until(plane.dropped, lambda now: now["not_granted"] >= 12)
            assert (dropped["unbound"], dropped["not_granted"]) == (10, 12)

            # What comes next is the next speaker's: nothing of all that was kept for later.
            await call(operator, SARONGAN)
            liar.send_rtp(sound(6001, 100, b"its turn"))
            assert await hear(listener) == b"its turn"
        for ear in (*ears.values(), listener):
            await ear.close()

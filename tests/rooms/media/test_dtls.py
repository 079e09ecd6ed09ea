"""Handshakes: what was lost is sent again as it was, and many of them leave the thread to others."""

import asyncio
from typing import cast

from aiortc.rtcdtlstransport import (
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcicetransport import RTCIceTransport

from rooms.media.embedded.dtls import Certificate, Dtls, DtlsLink, Turns

OWN, THEIRS = Certificate.generateCertificate(), RTCCertificate.generateCertificate()


def shown(certificate: RTCCertificate) -> RTCDtlsParameters:
    return RTCDtlsParameters([RTCDtlsFingerprint("sha-256", certificate.getFingerprints()[0].value)])


async def shake(lost: set[int], expects: RTCCertificate = THEIRS) -> tuple[Dtls, list[bytes]]:
    """The server's side after a handshake with aiortc's client, and what it sent; ``lost``: by number."""
    sent: list[bytes] = []

    def towards_client(data: bytes) -> None:
        sent.append(data)
        if len(sent) - 1 not in lost:
            theirs.offer(data)

    def towards_server(data: bytes) -> None:
        ours.offer(data)

    ours = DtlsLink(towards_client)
    theirs = DtlsLink(towards_server)
    server = Dtls(ours, OWN, Turns())
    client = RTCDtlsTransport(cast(RTCIceTransport, theirs), [THEIRS])
    client._set_role("client")
    async with asyncio.timeout(60):
        starting = asyncio.ensure_future(client.start(shown(OWN)))
        await server.start(shown(expects))
        if server.state == "connected":
            await starting
        starting.cancel()
        await asyncio.gather(starting, return_exceptions=True)
    await client.stop()
    await server.stop()
    return server, sent


async def test_a_flight_that_was_lost_is_sent_again_byte_by_byte() -> None:
    """Other bytes under the same number would be a second use of one key."""
    server, sent = await shake(lost=set())
    assert server.sessions[0] is not None
    whole = len(sent)
    server, sent = await shake(lost={0, 1})
    assert server.sessions[0] is not None
    assert len(sent) > whole
    assert sent[0] in sent[1:]


async def test_a_certificate_that_was_not_offered_gets_no_keys() -> None:
    server, _ = await shake(lost=set(), expects=RTCCertificate.generateCertificate())
    assert server.sessions == (None, None)


async def test_turns_come_one_by_one_and_leave_half_of_the_time_to_others() -> None:
    clock = 100.0
    turns = Turns(0.5, lambda: clock)
    order: list[int] = []
    gaps: list[float] = []

    async def shaker(number: int) -> None:
        nonlocal clock
        await turns.mine()
        order.append(number)
        began = clock
        clock += 0.3
        turns.taken(began)
        gaps.append(turns._free_at - clock)

    shakers = [asyncio.ensure_future(shaker(number)) for number in range(3)]
    await shakers[0]
    for _ in range(5):
        await asyncio.sleep(0)
    assert order == [0], "the next one waits as long as the first one took"
    assert abs(gaps[0] - 0.3) < 1e-9
    clock += 0.3
    await asyncio.gather(*shakers)
    assert order == [0, 1, 2]


async def test_whoever_goes_away_while_it_waits_holds_up_nobody() -> None:
    turns = Turns(0.5)
    waiting = [asyncio.ensure_future(turns.mine()) for _ in range(3)]
    waiting[0].cancel()
    await asyncio.gather(*waiting[1:])

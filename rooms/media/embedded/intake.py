"""From a publisher's decrypted packet to what its ring admits: each packet once, redundancy taken apart.

Pure bookkeeping of one line; who receives it is decided elsewhere. What went along with another packet
(RED) stands in for a packet that did not come by itself, so that subscribers never notice the loss.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from rooms.media.embedded import red, rtcp
from rooms.media.embedded.members import Publication
from rooms.media.embedded.slots import SEQ_MODULUS, TIMESTAMP_MODULUS, SourcePacket
from rooms.media.plane import Kind


def take_in(
    source: Publication, head: rtcp.RtpHead, data: bytes, now: float, dropped: Counter[str]
) -> list[SourcePacket]:
    """The packets that ``data`` brings, in their order, for the ring to admit; none: dropped and counted."""
    is_video = source.kind is Kind.VIDEO
    body = data[head.body_at :]
    if head.padded and not is_video:
        # What goes along with other packets, or takes others along, ends where its sound ends.
        body = body[: -body[-1]]
    earlier: list[red.Earlier] = []
    if head.payload_type == source.line.red_payload_type:
        try:
            earlier, body = red.unwrap(body, source.line.payload_type)
        except rtcp.MalformedPacket:
            dropped["malformed_red"] += 1
            return []
    elif head.payload_type != source.line.payload_type:
        dropped["foreign_payload"] += 1
        return []
    index = source.ring.index_of(head.sequence_number)
    if index is None:
        dropped["repeated"] += 1
        return []
    source.gaps.arrived(index, source.ring.highest, now)
    source.reception.arrived(index, head.timestamp, now)
    source.clock.arrived(head.timestamp, now)
    keyframe = not is_video or rtcp.is_vp8_keyframe(data, head.body_at)
    if is_video:
        body = rtcp.unnumbered_vp8(body)
    fresh = SourcePacket(index, head.timestamp, head.marker, head.padded and is_video, keyframe, body)
    return [*_recovered(source, fresh, earlier), fresh]


def _recovered(
    source: Publication, fresh: SourcePacket, earlier: list[red.Earlier]
) -> Iterator[SourcePacket]:
    """Senders take along the packets right before, so a block's place tells its number."""
    for distance, (offset, body) in zip(range(len(earlier), 0, -1), earlier, strict=True):
        index = fresh.index - distance
        if source.ring.lacks(index, before=fresh.index):
            source.gaps.filled(index)
            timestamp = (fresh.timestamp - offset) % TIMESTAMP_MODULUS
            yield SourcePacket(index, timestamp, False, False, True, body)


def sent_first(source: Publication, head: rtcp.RtpHead, data: bytes) -> rtcp.RtpHead | None:
    """The head under which a packet that was sent again (RFC 4588) came, or should have come, at first; None
    for one without a payload, which only probes the line."""
    at = head.body_at + 2
    if len(data) - (data[-1] if head.padded else 0) <= at:
        return None
    number = int.from_bytes(data[head.body_at : at], "big")
    return replace(head, payload_type=source.line.payload_type, sequence_number=number, body_at=at)


def rtp_of(source: Publication, packet: SourcePacket) -> bytes:
    """A packet of the line as its publisher could have sent it, without extensions or redundancy."""
    head = rtcp.rtp_header(
        packet.padded,
        packet.marker,
        source.line.payload_type,
        packet.index % SEQ_MODULUS,
        packet.timestamp,
        source.ssrc or 0,
    )
    return head + packet.body

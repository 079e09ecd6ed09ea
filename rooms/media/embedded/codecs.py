"""Which of the codecs that a line offers we speak: Opus and VP8, with what repairs them."""

from dataclasses import dataclass

from aiortc.sdp import MediaDescription

from rooms.media.plane import Kind, Line, OfferRefused

DYNAMIC = range(35, 128)
"""Payload types that an offer may give a meaning to."""
_CODEC = {Kind.AUDIO: ("audio/opus", 48000), Kind.VIDEO: ("video/vp8", 90000)}


@dataclass(frozen=True, slots=True)
class Codec:
    payload_type: int
    feedback: frozenset[str]
    """As offered: ``nack``, ``nack pli`` ..."""
    rtx: int | None
    """Payload type of its retransmissions."""
    red: int | None
    """Payload type of it with its last packets along."""
    order: tuple[int, ...]
    """Of the payload types that we accept, as offered: the first is what the browser would rather send."""
    dtx: bool
    """The browser would rest in silence."""


def codec_of(line: Line, media: MediaDescription) -> Codec:
    """The codec that we speak on this line."""
    mime, rate = _CODEC[line.kind]
    for codec in media.rtp.codecs:
        payload_type = codec.payloadType
        if payload_type is None or payload_type not in DYNAMIC:
            continue
        if codec.mimeType.lower() == mime and codec.clockRate == rate:
            offered = (f"{item.type} {item.parameter or ''}".strip() for item in codec.rtcpFeedback)
            rtx, red = _rtx(media, payload_type), _red(media, payload_type)
            return Codec(
                payload_type,
                frozenset(offered),
                rtx,
                red,
                tuple(t for c in media.rtp.codecs if (t := c.payloadType) and t in (payload_type, red)),
                str(codec.parameters.get("usedtx")) == "1",
            )
    raise OfferRefused("no_codec", f"mid {line.mid} offers no {mime}/{rate}")


def _rtx(media: MediaDescription, payload_type: int) -> int | None:
    """The payload type that the browser reserves for retransmissions of another one."""
    for codec in media.rtp.codecs:
        if codec.mimeType.lower() == "video/rtx" and codec.parameters.get("apt") == payload_type:
            return codec.payloadType if codec.payloadType in DYNAMIC else None
    return None


def _red(media: MediaDescription, payload_type: int) -> int | None:
    """The payload type under which the browser speaks of packets that carry others of ``payload_type``."""
    for codec in media.rtp.codecs:
        if codec.mimeType.lower() == "audio/red" and codec.clockRate == 48000:
            blocks = {block for name in codec.parameters for block in name.split("/")}
            if blocks == {str(payload_type)} and codec.payloadType in DYNAMIC:
                return codec.payloadType
    return None

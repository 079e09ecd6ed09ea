"""RTCP and RTP headers as bytes: reports, feedback, keyframe detection. Pure; nothing here keeps a key.

``parse`` raises only MalformedPacket, whatever a peer sends. Formats: RFC 3550 (SR, RR, SDES), RFC 4585
(NACK, PLI), RFC 5104 (FIR), draft-alvestrand-rmcat-remb-03 (REMB), RFC 7741 (VP8).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

SR, RR, SDES, RTPFB, PSFB = 200, 201, 202, 205, 206
_NACK, _PLI, _FIR, _APP = 1, 1, 4, 15
RTP_HEADER = struct.Struct("!BBHII")
_REPORT = struct.Struct("!IIIIII")
_SENDER_REPORT = struct.Struct("!BBHIQIII")
_NTP_EPOCH_S = 2_208_988_800
QUIET_DBOV = 50
"""Below full scale: sound less than this is a room, not a voice."""
"""Seconds from 1900 to 1970."""


class MalformedPacket(ValueError):
    """Bytes that are not what they claim to be."""


@dataclass(frozen=True, slots=True)
class RtpHead:
    marker: bool
    padded: bool
    payload_type: int
    sequence_number: int
    timestamp: int
    ssrc: int
    body_at: int
    """Where the payload begins."""
    extension: tuple[int, int, int] | None
    """``(profile, from, to)`` of the header extension's bytes."""


def parse_rtp(packet: bytes) -> RtpHead:
    """Raises MalformedPacket."""
    if len(packet) < 12:
        raise MalformedPacket("short RTP packet")
    first, second, sequence_number, timestamp, ssrc = RTP_HEADER.unpack_from(packet)
    if first >> 6 != 2:
        raise MalformedPacket("not RTP version 2")
    body_at = 12 + 4 * (first & 0x0F)
    extension = None
    if first & 0x10:
        if len(packet) < body_at + 4:
            raise MalformedPacket("truncated header extension")
        profile = int.from_bytes(packet[body_at : body_at + 2], "big")
        start = body_at + 4
        body_at = start + 4 * int.from_bytes(packet[body_at + 2 : body_at + 4], "big")
        extension = (profile, start, body_at)
    if len(packet) < body_at:
        raise MalformedPacket("truncated RTP header")
    padded = bool(first & 0x20)
    if padded and not 0 < packet[-1] <= len(packet) - body_at:
        raise MalformedPacket("bad RTP padding")
    return RtpHead(
        bool(second & 0x80), padded, second & 0x7F, sequence_number, timestamp, ssrc, body_at, extension
    )


def extension_value(packet: bytes, extension: tuple[int, int, int], wanted: int) -> bytes | None:
    """The value of one header extension element (RFC 8285, one- or two-byte form)."""
    profile, at, end = extension
    one_byte = profile == 0xBEDE
    if not one_byte and profile & 0xFFF0 != 0x1000:
        return None
    while at < end:
        if packet[at] == 0:
            at += 1
            continue
        if one_byte:
            element, length, at = packet[at] >> 4, (packet[at] & 0x0F) + 1, at + 1
        else:
            if at + 2 > end:
                return None
            element, length, at = packet[at], packet[at + 1], at + 2
        if at + length > end:
            return None
        if element == wanted:
            return packet[at : at + length]
        at += length
    return None


def is_loud(packet: bytes, head: RtpHead, wanted: int) -> bool:
    """Whether the packet's own word (RFC 6464, 3) is of sound above QUIET_DBOV."""
    value = extension_value(packet, head.extension, wanted) if head.extension is not None else None
    return bool(value) and value is not None and value[0] & 0x7F < QUIET_DBOV


def is_vp8_keyframe(packet: bytes, at: int) -> bool:
    """True for the first packet of a VP8 keyframe; ``at`` is where the payload begins (RFC 7741, 4.2-4.3)."""
    size = len(packet)
    if at >= size:
        return False
    first = packet[at]
    if first & 0x10 == 0 or first & 0x07 != 0:
        return False
    cursor = at + 1
    if first & 0x80:
        if cursor >= size:
            return False
        bits = packet[cursor]
        cursor += 1
        if bits & 0x80:
            if cursor >= size:
                return False
            cursor += 2 if packet[cursor] & 0x80 else 1
        cursor += bool(bits & 0x40)
        cursor += bool(bits & 0x30)
    return cursor < size and packet[cursor] & 0x01 == 0


def unnumbered_vp8(payload: bytes) -> bytes:
    """A VP8 payload whose descriptor (RFC 7741, 4.2) says only where frames begin; one cut off stays so.

    Picture numbers and those of base layers count one publisher's frames. A slot changes publishers, and a
    browser that meets a number of the new one which it has seen of the old one throws the frame away, or
    waits three seconds for what it refers to. Without them it goes by the packets' own numbers, whole there.
    """
    if not payload or not payload[0] & 0x80 or len(payload) < 2:
        return payload
    bits, at = payload[1], 2
    if bits & 0x80:
        at += 2 if payload[2:3] >= b"\x80" else 1
    at += bool(bits & 0x40) + bool(bits & 0x30)
    return bytes([payload[0] & 0x7F]) + payload[at:] if at < len(payload) else payload


def rtp_header(
    padded: bool, marker: bool, payload_type: int, sequence_number: int, timestamp: int, ssrc: int
) -> bytes:
    return RTP_HEADER.pack(
        0xA0 if padded else 0x80, payload_type | (0x80 if marker else 0), sequence_number, timestamp, ssrc
    )


def ntp_from_unix(seconds: float) -> int:
    """64-bit NTP timestamp of seconds since 1970."""
    whole = int(seconds)
    return ((whole + _NTP_EPOCH_S) << 32) | int((seconds - whole) * (1 << 32))


@dataclass(frozen=True, slots=True)
class SenderReport:
    ssrc: int
    ntp: int
    rtp_time: int


@dataclass(frozen=True, slots=True)
class ReceptionReport:
    ssrc: int
    """The stream that is reported on."""
    lost_fraction: float
    """0..1 since the last report."""
    last_sr: int
    """Middle 32 bits of the NTP time of the newest sender report; 0 if none."""
    delay: int
    """Since that report, in 1/65536 s."""
    highest: int
    """Extended sequence number."""


@dataclass(frozen=True, slots=True)
class Nack:
    ssrc: int
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KeyframeRequest:
    ssrc: int


@dataclass(frozen=True, slots=True)
class BandwidthEstimate:
    bits_per_s: int


Feedback = SenderReport | ReceptionReport | Nack | KeyframeRequest | BandwidthEstimate


def parse(data: bytes) -> list[Feedback]:
    """A compound (or reduced-size) RTCP packet; kinds that mean nothing to us are skipped.

    Raises MalformedPacket.
    """
    found: list[Feedback] = []
    at = 0
    while at < len(data):
        if len(data) < at + 4:
            raise MalformedPacket("short RTCP header")
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            raise MalformedPacket("bad RTCP header")
        try:
            found.extend(_parse_one(kind, first & 0x1F, data[at + 4 : end]))
        except (struct.error, IndexError) as error:
            raise MalformedPacket("truncated RTCP packet") from error
        at = end
    return found


def _parse_one(kind: int, count: int, body: bytes) -> Iterator[Feedback]:
    if kind in (SR, RR):
        at = 4
        if kind == SR:
            ssrc, ntp, rtp_time = struct.unpack_from("!IQI", body)
            yield SenderReport(ssrc, ntp, rtp_time)
            at = 24
        for _ in range(count):
            ssrc, lost, highest, _, last_sr, delay = _REPORT.unpack_from(body, at)
            yield ReceptionReport(ssrc, (lost >> 24) / 256, last_sr, delay, highest)
            at += _REPORT.size
    elif kind == RTPFB and count == _NACK:
        media = struct.unpack_from("!I", body, 4)[0]
        yield Nack(media, tuple(_nacked(body[8:])))
    elif kind == PSFB and count == _PLI:
        yield KeyframeRequest(struct.unpack_from("!I", body, 4)[0])
    elif kind == PSFB and count == _FIR:
        for at in range(8, len(body) - 7, 8):
            yield KeyframeRequest(struct.unpack_from("!I", body, at)[0])
    elif kind == PSFB and count == _APP and body[8:12] == b"REMB":
        yield BandwidthEstimate((((body[13] & 3) << 16) | (body[14] << 8) | body[15]) << (body[13] >> 2))


def _nacked(items: bytes) -> Iterator[int]:
    for first, following in struct.iter_unpack("!HH", items):
        yield first
        for bit in range(following.bit_length()):
            if following >> bit & 1:
                yield (first + bit + 1) & 0xFFFF


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def sender_report(ssrc: int, ntp: int, rtp_time: int, packets: int, octets: int) -> bytes:
    return _SENDER_REPORT.pack(0x80, SR, 6, ssrc, ntp, rtp_time, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class ReportBlock:
    ssrc: int
    lost_fraction: float
    lost_total: int
    highest_sequence: int
    jitter: int
    last_sr: int
    delay: int


def receiver_report(ssrc: int, blocks: Sequence[ReportBlock]) -> bytes:
    """At most 31 blocks."""
    body = struct.pack("!I", ssrc)
    for block in blocks:
        lost = (min(255, round(block.lost_fraction * 256)) << 24) | (max(0, block.lost_total) & 0x7FFFFF)
        body += _REPORT.pack(
            block.ssrc, lost, block.highest_sequence & 0xFFFFFFFF, block.jitter, block.last_sr, block.delay
        )
    return _packet(RR, len(blocks), body)


@lru_cache(maxsize=4096)
def source_names(ssrcs: tuple[int, ...], cname: str) -> bytes:
    """SDES with one CNAME for all, which tells receivers that they belong together; at most 31 sources.

    Every receiver is told the same every second.
    """
    name = cname.encode()
    item = bytes([1, len(name)]) + name + b"\0"
    item += bytes(-len(item) % 4)
    return _packet(SDES, len(ssrcs), b"".join(struct.pack("!I", ssrc) + item for ssrc in ssrcs))


def keyframe_request(sender: int, media: int) -> bytes:
    """PLI."""
    return _packet(PSFB, _PLI, struct.pack("!II", sender, media))


def nack(sender: int, media: int, lost: Sequence[int]) -> bytes:
    """``lost``: 16-bit sequence numbers, ascending from the oldest."""
    body = struct.pack("!II", sender, media)
    rest = list(lost)
    while rest:
        first, following = rest[0], 0
        taken = 1
        for number in rest[1:]:
            distance = (number - first - 1) & 0xFFFF
            if distance > 15:
                break
            following |= 1 << distance
            taken += 1
        body += struct.pack("!HH", first, following)
        rest = rest[taken:]
    return _packet(RTPFB, _NACK, body)


def bandwidth_estimate(sender: int, bits_per_s: int, ssrcs: Sequence[int]) -> bytes:
    """REMB: what the publisher may send over all ``ssrcs`` together."""
    exponent = max(0, bits_per_s.bit_length() - 18)
    mantissa = bits_per_s >> exponent
    body = struct.pack("!II", sender, 0) + b"REMB"
    body += struct.pack("!BBH", len(ssrcs), (exponent << 2) | (mantissa >> 16), mantissa & 0xFFFF)
    body += b"".join(struct.pack("!I", ssrc) for ssrc in ssrcs)
    return _packet(PSFB, _APP, body)


@dataclass(slots=True)
class Reception:
    """What was received of one publisher line, for the reports sent back to it (RFC 3550, appendix A)."""

    clock_rate: int
    packets: int = 0
    _first: int = -1
    _highest: int = -1
    _expected_before: int = 0
    _packets_before: int = 0
    _jitter: float = 0.0
    _transit: float | None = None
    _last_sr: int = 0
    _last_sr_at: float = 0.0

    def arrived(self, index: int, timestamp: int, now: float) -> None:
        """``index``: extended sequence number; ``now``: s."""
        self.packets += 1
        if self._first < 0:
            self._first = index
        self._highest = max(self._highest, index)
        transit = now * self.clock_rate - timestamp
        if self._transit is not None:
            deviation = abs(transit - self._transit)
            if deviation < self.clock_rate:
                self._jitter += (deviation - self._jitter) / 16
        self._transit = transit

    def reported(self, report: SenderReport, now: float) -> None:
        self._last_sr = (report.ntp >> 16) & 0xFFFFFFFF
        self._last_sr_at = now

    def block(self, ssrc: int, now: float, shown_loss: float = 0.0) -> ReportBlock | None:
        """The report since the last one; None if nothing came yet.

        ``shown_loss``: least fraction to report, so that Opus puts error correction in before loss strikes;
        the running total stays true, since that is what bandwidth estimators read.
        """
        if self._first < 0:
            return None
        expected = self._highest - self._first + 1
        interval = expected - self._expected_before
        lost = interval - (self.packets - self._packets_before)
        self._expected_before, self._packets_before = expected, self.packets
        fraction = max(shown_loss, max(0, lost) / interval if interval > 0 else 0.0)
        delay = round((now - self._last_sr_at) * 65536) & 0xFFFFFFFF if self._last_sr else 0
        total = max(0, expected - self.packets)
        return ReportBlock(ssrc, fraction, total, self._highest, int(self._jitter), self._last_sr, delay)

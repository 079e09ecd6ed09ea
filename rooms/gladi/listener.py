"""The receiving half of a synthetic seat: packets into ``Reception`` undecoded, reports and requests back.

aiortc would decode every picture of every office. Here its receivers are left asleep and the packets are
taken where its transport has decrypted them: that seam is private to aiortc (pinned), and is used here alone.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from aiortc import RTCPeerConnection, RTCRtpTransceiver
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.sdp import SessionDescription

from rooms.gladi.reception import PictureLine, PicturePacket, Reception, SoundLine
from rooms.media.embedded import rtcp
from rooms.media.embedded.red import unwrap
from rooms.media.plane import Kind, Line, Slot

log = logging.getLogger(__name__)

OWN_SSRC = 2
RED = 63
"""Payload type that browsers give it."""
TICK_S = 0.1
REPORT_EVERY_S = 1.0


def ask_for_red(offer: str) -> str:
    """The offer of a browser: sound that is received may carry its last packets along (RFC 2198)."""
    head, *sections = offer.split("\r\nm=")
    for number, section in enumerate(sections):
        if not section.startswith("audio") or "a=recvonly" not in section:
            continue
        opus = next(row for row in section.split("\r\n") if row.startswith("a=rtpmap:") and "opus/" in row)
        payload_type = opus.removeprefix("a=rtpmap:").split()[0]
        rows = section.removesuffix("\r\n").split("\r\n")
        rows[0] += f" {RED}"
        rows += [f"a=rtpmap:{RED} red/48000/2", f"a=fmtp:{RED} {payload_type}/{payload_type}"]
        sections[number] = "\r\n".join(rows)
    return "\r\nm=".join([head, *(section.removesuffix("\r\n") for section in sections)]) + "\r\n"


@dataclass(slots=True)
class _Stream:
    """One SSRC of the server's."""

    slot: Slot
    line: SoundLine | PictureLine
    reception: rtcp.Reception
    payload_type: int
    """Of the codec itself."""
    highest: int = -1

    def index(self, number: int) -> int:
        """The extended sequence number nearest to the highest."""
        if self.highest < 0:
            self.highest = number
        index = self.highest + ((number - self.highest + 0x8000) & 0xFFFF) - 0x8000
        self.highest = max(self.highest, index)
        return index


class Listener:
    """One connection's; ``listen`` once it is negotiated."""

    def __init__(self, reception: Reception, clock: Callable[[], float]) -> None:
        self._reception = reception
        self._clock = clock
        self._streams: dict[int, _Stream] = {}
        self._again: dict[int, int] = {}
        """SSRC of what is sent again -> of the line itself."""
        self._transport: RTCDtlsTransport | None = None
        self._reported_at = 0.0

    @staticmethod
    def prepare(transceiver: RTCRtpTransceiver) -> None:
        """Leave aiortc's own receiver asleep: no thread, no decoder."""

        async def asleep(parameters: RTCRtpReceiveParameters) -> None:
            return

        transceiver.receiver.receive = asleep  # type: ignore[method-assign]

    def listen(self, pc: RTCPeerConnection, answer: str, lines: tuple[Line, ...]) -> None:
        """``answer`` names the SSRC of every line. Packets count from now on."""
        sounds, pictures = self._reception.connected()
        slots = {line.mid: line.slot for line in lines}
        for media in SessionDescription.parse(answer).media:
            slot = slots[media.rtp.muxId]
            lines_of = sounds if media.kind == Kind.AUDIO else pictures
            if slot is None or slot not in lines_of or not media.ssrc:
                continue
            codec = next(c for c in media.rtp.codecs if c.mimeType.lower() in ("audio/opus", "video/vp8"))
            assert codec.payloadType is not None, "a=rtpmap names it"
            ssrc = media.ssrc[0].ssrc
            self._streams[ssrc] = _Stream(
                slot, lines_of[slot], rtcp.Reception(codec.clockRate), codec.payloadType
            )
            for group in media.ssrc_group:
                self._again |= {int(other): ssrc for other in group.items[1:] if group.semantic == "FID"}
        transport = pc.getTransceivers()[0].receiver.transport
        self._transport = transport
        take_rtcp = transport._handle_rtcp_data

        async def rtp(data: bytes, arrival_time_ms: int) -> None:
            self._rtp(data)

        async def feedback(data: bytes) -> None:
            self._rtcp(data)
            await take_rtcp(data)

        transport._handle_rtp_data = rtp  # type: ignore[method-assign]
        transport._handle_rtcp_data = feedback  # type: ignore[method-assign]

    async def report(self) -> None:
        """Ask for what is missing and tell how it goes, as browsers do, until cancelled."""
        while True:
            await asyncio.sleep(TICK_S)
            now = self._clock()
            out = b""
            if now - self._reported_at >= REPORT_EVERY_S:
                self._reported_at = now
                blocks = [s.reception.block(ssrc, now) for ssrc, s in self._streams.items()]
                if told := [block for block in blocks if block is not None]:
                    out += rtcp.receiver_report(OWN_SSRC, told)
            for ssrc, stream in self._streams.items():
                if isinstance(stream.line, PictureLine):
                    if missing := stream.line.due(now):
                        out += rtcp.nack(OWN_SSRC, ssrc, [index & 0xFFFF for index in missing[:200]])
                    if stream.line.wants_keyframe:
                        out += rtcp.keyframe_request(OWN_SSRC, ssrc)
            if out and self._transport is not None:
                try:
                    await self._transport._send_rtp(out)
                except ConnectionError:
                    return

    def _rtp(self, packet: bytes) -> None:
        try:
            head = rtcp.parse_rtp(packet)
            end = len(packet) - (packet[-1] if head.padded else 0)
            self._take(head, packet, end)
        except rtcp.MalformedPacket as error:
            log.warning("a packet that nobody could read: %s", error)

    def _take(self, head: rtcp.RtpHead, packet: bytes, end: int) -> None:
        now, number, body_at = self._clock(), head.sequence_number, head.body_at
        ssrc = self._again.get(head.ssrc, head.ssrc)
        again = ssrc != head.ssrc
        stream = self._streams.get(ssrc)
        if stream is None:
            return
        if again:
            if end - body_at < 2:
                return  # padding, by which a line's width is probed
            number, body_at = int.from_bytes(packet[body_at : body_at + 2], "big"), body_at + 2
        index = stream.index(number)
        if not again:
            stream.reception.arrived(index, head.timestamp, now)
        if isinstance(stream.line, SoundLine):
            earlier = 0
            if head.payload_type != stream.payload_type:
                earlier = len(unwrap(packet[body_at:end], stream.payload_type)[0])
            self._reception.heard(stream.slot, index, earlier, now)
        else:
            found = PicturePacket(rtcp.is_vp8_keyframe(packet, body_at), head.marker, body_at >= end)
            stream.line.arrived(index, found, now, again=again)

    def _rtcp(self, data: bytes) -> None:
        try:
            told = rtcp.parse(data)
        except rtcp.MalformedPacket:
            return
        for one in told:
            if isinstance(one, rtcp.SenderReport) and one.ssrc in self._streams:
                self._streams[one.ssrc].reception.reported(one, self._clock())

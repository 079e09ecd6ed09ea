"""Bytes from outside: STUN, RTP, RTCP and SDP never raise what is not promised, and say what was meant."""

import contextlib
import os
import struct

import pytest
from aioice import stun
from hypothesis import example, given
from hypothesis import strategies as st

from rooms.ids import PeerId, SeatId
from rooms.media.embedded import ice, rtcp, sdp
from rooms.media.plane import Kind, Line, Offer, OfferRefused, PeerSpec, Slot

DESA = PeerSpec(PeerId("p"), SeatId("desa"), False)
ENDPOINT = sdp.Endpoint(("127.0.0.1", "fd00::1"), 7882, "AB:CD")
HEAD = (
    "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE a v s\r\n"
    "a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n"
    "a=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\n"
)
AUDIO = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 0\r\nc=IN IP4 0.0.0.0\r\na=mid:a\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:111 opus/48000/2\r\na=rtcp-fb:111 transport-cc\r\n"
)
VIDEO = (
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\nc=IN IP4 0.0.0.0\r\na=mid:v\r\na=recvonly\r\na=rtcp-mux\r\n"
    "a=extmap:3 urn:3gpp:video-orientation\r\na=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
    "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\na=rtcp-fb:96 transport-cc\r\n"
    "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\na=rtpmap:98 H264/90000\r\n"
)
SENDING = VIDEO.replace("a=mid:v", "a=mid:s").replace("recvonly", "sendonly") + (
    "a=ssrc-group:FID 4001 4002\r\na=ssrc:4001 cname:x\r\na=ssrc:4002 cname:x\r\n"
)
LINES = (
    Line("a", Kind.AUDIO, Slot.SPEAKER),
    Line("v", Kind.VIDEO, Slot.SPEAKER),
    Line("s", Kind.VIDEO, None),
)
GOOD = Offer(HEAD + AUDIO + VIDEO + SENDING, LINES)


def section(answer: str, mid: str) -> str:
    return next(part for part in answer.split("m=")[1:] if f"a=mid:{mid}\r\n" in part)


def test_an_answer_takes_opus_and_vp8_and_nothing_else() -> None:
    terms, answer = sdp.negotiate(DESA, GOOD, ENDPOINT)
    assert "a=ice-lite\r\n" in answer
    audio, video, sending = (section(answer, mid) for mid in "avs")
    assert "a=fmtp:111 minptime=10;useinbandfec=1\r\n" in audio
    assert "a=sendonly\r\n" in audio
    assert "a=recvonly\r\n" in sending
    assert "a=rtcp-fb:96 nack pli\r\n" in video
    for unwanted in ("video-orientation", "transport-cc", "H264"):
        assert unwanted not in answer
    # What is sent again goes beside, both ways.
    assert video.startswith("video 9 UDP/TLS/RTP/SAVPF 96 97\r\n")
    assert "a=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n" in video
    (picture,) = (line for line in terms.receiving if line.kind is Kind.VIDEO)
    assert picture.rtx is not None
    assert picture.rtx[1] == 97
    assert f"a=ssrc-group:FID {picture.ssrc} {picture.rtx[0]}\r\n" in video
    assert sending.startswith("video 9 UDP/TLS/RTP/SAVPF 96 97\r\n")
    assert "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" in sending
    assert "a=setup:passive\r\n" in audio
    assert "udp 2130706175 127.0.0.1 7882 typ host\r\n" in audio
    (own,) = terms.sending
    assert (own.ssrcs, own.mid_extension, own.ordinal, own.payload_type) == ((4001,), 4, 0, 96)
    assert [(line.slot, line.kind) for line in terms.receiving] == [
        (Slot.SPEAKER, Kind.AUDIO),
        (Slot.SPEAKER, Kind.VIDEO),
    ]
    assert len({picture.rtx[0], *(line.ssrc for line in terms.receiving)}) == 3
    assert terms.remote_ufrag == "abcd"


MICROPHONE = (
    "m=audio 9 UDP/TLS/RTP/SAVPF 63 111\r\nc=IN IP4 0.0.0.0\r\na=mid:m\r\na=sendonly\r\na=rtcp-mux\r\n"
    "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\na=ssrc:5001 cname:x\r\n"
)


@pytest.mark.parametrize("rests", [True, False])
def test_redundancy_and_rest_are_agreed_as_offered(rests: bool) -> None:
    microphone = MICROPHONE.replace("useinbandfec=1", "useinbandfec=1;usedtx=1") if rests else MICROPHONE
    listening = AUDIO.replace("111 0", "111 0 63") + "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n"
    head = HEAD.replace("a v s", "a m")
    lines = (Line("a", Kind.AUDIO, Slot.SPEAKER), Line("m", Kind.AUDIO, None))
    terms, answer = sdp.negotiate(DESA, Offer(head + listening + microphone, lines), ENDPOINT)
    hearing, speaking = section(answer, "a"), section(answer, "m")
    assert hearing.startswith("audio 9 UDP/TLS/RTP/SAVPF 111 63\r\n")
    assert speaking.startswith("audio 9 UDP/TLS/RTP/SAVPF 63 111\r\n")
    for part in (hearing, speaking):
        assert "a=rtpmap:63 red/48000/2\r\na=fmtp:63 111/111\r\n" in part
    assert f"a=fmtp:111 minptime=10;useinbandfec=1{';usedtx=1' if rests else ''}\r\n" in speaking
    assert terms.receiving[0].red_payload_type == terms.sending[0].red_payload_type == 63


def test_redundancy_of_another_codec_is_not_taken_for_ours() -> None:
    head, lines = HEAD.replace("a v s", "m"), (Line("m", Kind.AUDIO, None),)
    microphone = MICROPHONE.replace("111/111", "111/0")
    terms, answer = sdp.negotiate(DESA, Offer(head + microphone, lines), ENDPOINT)
    assert "red" not in answer
    assert terms.sending[0].red_payload_type is None


def test_retransmissions_of_another_codec_are_not_taken_for_ours() -> None:
    offer = Offer(GOOD.sdp.replace("apt=96", "apt=98"), LINES)
    terms, answer = sdp.negotiate(DESA, offer, ENDPOINT)
    assert "rtx" not in answer
    assert all(line.rtx is None for line in terms.receiving)


REFUSED = {
    "no vp8": ("no_codec", Offer(GOOD.sdp.replace("VP8", "VP9"), LINES)),
    "no opus": ("no_codec", Offer(GOOD.sdp.replace("opus/48000", "opus/16000"), LINES)),
    "not bundled": ("malformed_sdp", Offer(GOOD.sdp.replace("BUNDLE a v s", "BUNDLE a"), LINES)),
    "no fingerprint": ("malformed_sdp", Offer(GOOD.sdp.replace("a=fingerprint", "a=finger"), LINES)),
    "server role": ("malformed_sdp", Offer(GOOD.sdp.replace("actpass", "passive"), LINES)),
    "no credentials": ("malformed_sdp", Offer(GOOD.sdp.replace("a=ice-pwd", "a=ice-x"), LINES)),
    "oversized ssrc": ("malformed_sdp", Offer(GOOD.sdp.replace("4001", "4294967296"), LINES)),
    "one ssrc on two lines": (
        "bad_line",
        Offer(
            GOOD.sdp.replace("a v s", "a v s t") + SENDING.replace("a=mid:s", "a=mid:t"),
            (*LINES, Line("t", Kind.VIDEO, None)),
        ),
    ),
    "lone surrogates": ("malformed_sdp", Offer(GOOD.sdp.replace("abcd", "ab\ud800"), LINES)),
    "no m-lines": ("malformed_sdp", Offer(HEAD, LINES)),
    "unnamed m-line": ("bad_line", Offer(GOOD.sdp, LINES[:2])),
    "wrong kind": ("bad_line", Offer(GOOD.sdp, (Line("a", Kind.VIDEO, Slot.AULA), *LINES[1:]))),
    "wrong direction": ("bad_line", Offer(GOOD.sdp, (*LINES[:2], Line("s", Kind.VIDEO, Slot.AULA)))),
    "preview": ("bad_line", Offer(GOOD.sdp, (*LINES[:1], Line("v", Kind.VIDEO, Slot.PREVIEW_1), LINES[2]))),
    "slot twice": (
        "bad_line",
        Offer(GOOD.sdp.replace("sendonly", "recvonly"), (*LINES[:2], Line("s", Kind.VIDEO, Slot.SPEAKER))),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_served_is_refused_with_a_code(name: str) -> None:
    code, offer = REFUSED[name]
    with pytest.raises(OfferRefused) as refusal:
        sdp.negotiate(DESA, offer, ENDPOINT)
    assert refusal.value.code == code


@given(st.text(max_size=400), st.integers(0, len(GOOD.sdp)), st.integers(0, 60))
@example("\r\nm=video 9 X 96", 300, 0)
def test_a_spoiled_offer_is_refused_or_served_and_never_worse(junk: str, at: int, cut: int) -> None:
    spoiled = GOOD.sdp[:at] + junk + GOOD.sdp[at + cut :]
    with contextlib.suppress(OfferRefused):
        _, answer = sdp.negotiate(DESA, Offer(spoiled, LINES), ENDPOINT)
        assert answer.count("m=") >= len(LINES)


@given(st.binary(max_size=200))
@example(b"")
@example(struct.pack("!HHI12s", 1, 4, 0x2112A442, bytes(12)) + b"\x00\x20\x00\x01")
@example(struct.pack("!HHI12s", 1, 8, 0x2112A442, bytes(12)) + b"\x00\x24\x00\x02ab\0\0")
def test_hostile_stun_is_never_authentic(data: bytes) -> None:
    for message in (data, struct.pack("!HHI12s", 1, len(data) // 4 * 4, 0x2112A442, bytes(12)) + data):
        ice.sort_of(message)
        ice.local_ufrag(message)
        assert not ice.authentic(message, "secret")
        ice.nominates(message)


def test_a_check_of_ours_is_verified_by_its_password_only() -> None:
    transaction, datagram = ice.check("theirs", "ours", "secret")
    assert ice.sort_of(datagram) is ice.Sort.REQUEST
    assert ice.transaction_of(datagram) == transaction
    assert ice.local_ufrag(datagram) == "theirs"
    assert ice.authentic(datagram, "secret")
    assert not ice.nominates(datagram)
    assert not ice.authentic(datagram, "other")
    read = stun.parse_message(datagram)
    assert read.check_message_integrity(b"secret")
    assert read.attributes["USERNAME"] == "theirs:ours"
    assert read.attributes["ICE-CONTROLLED"] == 0
    # Browsers drop what has no fingerprint, without a word; the parser has verified it.
    assert list(read.attributes)[-2:] == ["MESSAGE-INTEGRITY", "FINGERPRINT"]


@pytest.mark.parametrize("source", [("fd00::1", 9), ("203.0.113.255", 65535)])
def test_an_answer_is_what_a_standard_parser_reads(source: ice.Address) -> None:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
    request.add_message_integrity(b"secret")
    answer = ice.success(bytes(request), source, "secret")
    assert ice.sort_of(answer) is ice.Sort.RESPONSE
    assert ice.authentic(answer, "secret")
    read = stun.parse_message(answer)
    assert read.check_message_integrity(b"secret")
    assert read.transaction_id == request.transaction_id
    assert read.attributes["XOR-MAPPED-ADDRESS"] == source
    assert "FINGERPRINT" in read.attributes


def test_what_is_added_to_an_overheard_check_does_not_count() -> None:
    request = stun.Message(stun.Method.BINDING, stun.Class.REQUEST, attributes={"USERNAME": "ours:theirs"})
    request.add_message_integrity(b"secret")
    data = bytes(request)[:-8]
    more = b"\x00\x25\x00\x00"
    added = data[:2] + struct.pack("!H", len(data) + len(more) - 20) + data[4:] + more
    assert ice.authentic(added, "secret")
    assert not ice.nominates(added)


@given(st.binary(max_size=120), st.integers(0, 255), st.integers(0, 300))
def test_hostile_rtp_and_rtcp_are_malformed_at_worst(data: bytes, first: int, at: int) -> None:
    for packet in (data, bytes([0x80 | first]) + data, b"\x81\xcd\x00\x05" + data):
        with contextlib.suppress(rtcp.MalformedPacket):
            head = rtcp.parse_rtp(packet)
            assert head.body_at <= len(packet)
            if head.extension is not None:
                rtcp.extension_value(packet, head.extension, 4)
            rtcp.is_vp8_keyframe(packet, head.body_at)
            rtcp.unnumbered_vp8(packet[head.body_at :])
        with contextlib.suppress(rtcp.MalformedPacket):
            rtcp.parse(packet)
        rtcp.is_vp8_keyframe(packet, at)


def test_rtcp_says_what_it_was_told() -> None:
    block = rtcp.ReportBlock(7, 0.25, 3, 70000, 5, 99, 12)
    compound = (
        rtcp.sender_report(9, 1 << 40, 1234, 5, 600)
        + rtcp.source_names((9, 10), sdp.CNAME)
        + rtcp.receiver_report(1, [block])
        + rtcp.nack(1, 9, [65534, 65535, 0, 40])
        + rtcp.keyframe_request(1, 9)
        + rtcp.bandwidth_estimate(1, 1_500_000, [9, 11])
    )
    report, reception, lost, keyframe, bandwidth = rtcp.parse(compound)
    assert report == rtcp.SenderReport(9, 1 << 40, 1234)
    assert reception == rtcp.ReceptionReport(7, 0.25, 99, 12, 70000)
    assert lost == rtcp.Nack(9, (65534, 65535, 0, 40))
    assert keyframe == rtcp.KeyframeRequest(9)
    assert isinstance(bandwidth, rtcp.BandwidthEstimate)
    assert 1_499_000 < bandwidth.bits_per_s <= 1_500_000


def test_shown_loss_leaves_the_true_total() -> None:
    reception = rtcp.Reception(48000)
    for index in range(100):
        if index != 50:
            reception.arrived(index, index * 960, index / 50)
    block = reception.block(7, 2.0, shown_loss=0.08)
    assert block is not None
    assert (block.lost_fraction, block.lost_total, block.highest_sequence) == (0.08, 1, 99)


VP8_KEYFRAMES = {
    "plain": (b"\x10\x00", True),
    "delta": (b"\x10\x01", False),
    "not the first partition": (b"\x11\x00", False),
    "not the start": (b"\x00\x00", False),
    "long picture id": (b"\x90\x80\x81\x02\x00", True),
    "short picture id": (b"\x90\x80\x01\x00", True),
    "all extensions": (b"\x90\xe0\x81\x02\x05\x20\x00", True),
    "cut off": (b"\x90\x80", False),
}


@pytest.mark.parametrize("name", VP8_KEYFRAMES)
def test_vp8_keyframes_are_told_from_their_first_bytes(name: str) -> None:
    payload, expected = VP8_KEYFRAMES[name]
    assert rtcp.is_vp8_keyframe(bytes(12) + payload, 12) is expected


@pytest.mark.parametrize(
    ("descriptor", "bare"),
    [
        (b"\x10", b"\x10"),
        (b"\x90\x00", b"\x10"),
        (b"\x90\x80\x05", b"\x10"),
        (b"\x80\x80\xff\x05", b"\x00"),
        (b"\xb0\xe0\x85\x05\x07\x40", b"\x30"),
        (b"\x90\x70\x07\x40", b"\x10"),
    ],
)
def test_a_picture_leaves_without_the_numbers_of_its_publisher(descriptor: bytes, bare: bytes) -> None:
    assert rtcp.unnumbered_vp8(descriptor + b"frame") == bare + b"frame"
    for payload in (descriptor, b""):
        # Nothing behind it: not of a frame.
        assert rtcp.unnumbered_vp8(payload) == payload


def test_mid_is_read_from_both_forms_of_extension() -> None:
    for profile, element in ((0xBEDE, b"\x00\x41de"), (0x1000, b"\x04\x02de")):
        padded = element + bytes(-len(element) % 4)
        packet = (
            b"\x90\x60" + bytes(10) + struct.pack("!HH", profile, len(padded) // 4) + padded + os.urandom(5)
        )
        head = rtcp.parse_rtp(packet)
        assert head.extension is not None
        assert rtcp.extension_value(packet, head.extension, 4) == b"de"
        assert rtcp.extension_value(packet, head.extension, 5) is None

"""A hall's worth of real peers for the media goals: ICE, DTLS and SRTP here, the packets in a C sink.

``Ear`` connects over a UDP socket of its own as a browser would; ``Sink`` then takes the sockets' reading
over, in a process of its own, while the ear goes on to send its reports. ``Camera`` publishes packets that
carry the time of their sending, in the form of VP8 and Opus and with keyframe bursts.
"""

import asyncio
import mmap
import os
import secrets
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic, time_ns
from typing import cast

import pylibsrtp
from aioice import stun
from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    RTCCertificate,
    RTCDtlsFingerprint,
    RTCDtlsParameters,
    RTCDtlsTransport,
)
from aiortc.rtcicetransport import RTCIceTransport

from rooms.media.embedded import ice, rtcp
from rooms.media.embedded.dtls import DtlsLink
from rooms.media.embedded.peer import Srtp

PEERS = Path(__file__).parents[1] / "peers"
OPUS, VP8 = 111, 96
VIDEO_BYTES, AUDIO_BYTES = 1000, 90
PERIOD_S = 0.02
KEYFRAME_EVERY_S, KEYFRAME_PACKETS = 10.0, 20
STAMP_AT = 11
"""Where the time of sending is in a payload: ns since 1970, big endian."""
EAR = struct.Struct("=4Q" + "IIQ" * 4)
_CAPTURED = struct.Struct("=QII")
_SO_TIMESTAMPNS, _SO_RXQ_OVFL, _SO_RCVBUFFORCE = 35, 40, 33
_BUFFER_BYTES = 2 * 1024 * 1024
CERTIFICATE = RTCCertificate.generateCertificate()


class Ear:
    """One receiving (or sending) peer; nothing is decoded."""

    def __init__(self) -> None:
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(16)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_TIMESTAMPNS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, _SO_RXQ_OVFL, 1)
        try:
            self.socket.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER_BYTES)
        except PermissionError:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER_BYTES)
        self._checked = asyncio.Event()
        self._link = DtlsLink(lambda data: self.send(data))
        self._dtls = RTCDtlsTransport(cast(RTCIceTransport, self._link), [CERTIFICATE])
        self._dtls._srtp_profiles = [SRTP_AEAD_AES_128_GCM]
        self._dtls._set_role("client")

    @property
    def fingerprint(self) -> str:
        return CERTIFICATE.getFingerprints()[0].value

    async def connect(self, answer: str) -> None:
        """Follow the first candidate of the other side's SDP. Raises TimeoutError."""
        self.theirs = value_of(answer, "ice-ufrag"), value_of(answer, "ice-pwd")
        algorithm, fingerprint = value_of(answer, "fingerprint").split()
        host, port = value_of(answer, "candidate").split()[4:6]
        self.socket.connect((host, int(port)))
        loop = asyncio.get_running_loop()
        loop.add_reader(self.socket, self._readable)
        async with asyncio.timeout(60):
            while not self._checked.is_set():
                self.send(self.check())
                try:
                    async with asyncio.timeout(0.5):
                        await self._checked.wait()
                except TimeoutError:
                    continue
            await self._dtls.start(RTCDtlsParameters([RTCDtlsFingerprint(algorithm, fingerprint)]))
        assert self._dtls.state == "connected", self._dtls.state
        self.inbound, self.outbound = cast(Srtp, self._dtls._rx_srtp), cast(Srtp, self._dtls._tx_srtp)

    def hand_over(self) -> None:
        """From now on somebody else reads the socket."""
        asyncio.get_running_loop().remove_reader(self.socket)

    def send_rtp(self, packet: bytes) -> None:
        self.send(self.outbound.protect(packet))

    def report(self, highest: dict[int, int], lost: Sequence[int]) -> None:
        """A receiver report over what came (SSRC -> newest number), and a NACK of ``lost`` of the first."""
        blocks = [rtcp.ReportBlock(ssrc, 0.0, 0, newest, 0, 0, 0) for ssrc, newest in highest.items()]
        packet = rtcp.receiver_report(7, blocks)
        if lost:
            packet += rtcp.nack(7, next(iter(highest)), lost)
        self.send(self.outbound.protect_rtcp(packet))

    async def close(self) -> None:
        self.hand_over()
        await self._dtls.stop()
        self.socket.close()

    async def vanish(self) -> None:
        """Go without a word."""
        self.hand_over()
        self.socket.close()
        await self._dtls.stop()

    def check(self) -> bytes:
        """One that nominates, as the other side's SDP says."""
        ufrag, password = self.theirs
        request = stun.Message(
            stun.Method.BINDING,
            stun.Class.REQUEST,
            attributes={
                "USERNAME": f"{ufrag}:{self.ufrag}",
                "PRIORITY": 1853824767,
                "ICE-CONTROLLING": 1,
                "USE-CANDIDATE": None,
            },
        )
        request.add_message_integrity(password.encode())
        return bytes(request)

    def _readable(self) -> None:
        while True:
            try:
                data, source = self.socket.recvfrom(2048)
            except (BlockingIOError, ConnectionRefusedError):
                return
            if data[:1] < b"\x04":
                if ice.sort_of(data) is ice.Sort.RESPONSE:
                    self._checked.set()
                else:
                    self._answer(data, (source[0], source[1]))
            elif b"\x13" < data[:1] < b"\x40":
                self._link.offer(data)
            else:
                self.on_media(data)

    def on_media(self, data: bytes) -> None:
        """An encrypted packet came."""

    def _answer(self, data: bytes, source: ice.Address) -> None:
        if ice.authentic(data, self.password):
            self.send(ice.success(data, source, self.password))

    def send(self, data: bytes) -> None:
        """As it is; what the socket does not take is lost."""
        try:
            self.socket.send(data)
        except (BlockingIOError, OSError):
            return


def value_of(sdp: str, attribute: str) -> str:
    """Of the first ``a=attribute:``."""
    return sdp.split(f"a={attribute}:", 1)[1].splitlines()[0]


def offer_of(ear: Ear, lines: Sequence[tuple[str, str, int | None]]) -> str:
    """An offer as a browser makes it; a line is ``(mid, audio | video, SSRC if it sends)``."""
    mids = " ".join(mid for mid, *_ in lines)
    head = f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE {mids}\r\n"
    sections = []
    for mid, kind, ssrc in lines:
        codec, name = (OPUS, "opus/48000/2") if kind == "audio" else (VP8, "VP8/90000")
        rows = [
            f"m={kind} 9 UDP/TLS/RTP/SAVPF {codec}",
            "c=IN IP4 0.0.0.0",
            f"a=mid:{mid}",
            "a=recvonly" if ssrc is None else "a=sendonly",
            "a=rtcp-mux",
            f"a=ice-ufrag:{ear.ufrag}",
            f"a=ice-pwd:{ear.password}",
            f"a=fingerprint:sha-256 {ear.fingerprint}",
            "a=setup:actpass",
            f"a=rtpmap:{codec} {name}",
            f"a=rtcp-fb:{codec} nack",
        ]
        if kind == "video":
            rows.append(f"a=rtcp-fb:{codec} nack pli")
        if ssrc is not None:
            rows.append(f"a=ssrc:{ssrc} cname:office")
        sections.append("\r\n".join(rows) + "\r\n")
    return head + "".join(sections)


def ssrcs_of(number: int) -> tuple[int, int]:
    """Of the sound and the picture of a camera, 0 or 1."""
    return 1000 + 2 * number, 1001 + 2 * number


class Camera:
    """A picture of 50 packets/s x 1,000 B and a sound of 50 packets/s x 90 B."""

    def __init__(self, number: int) -> None:
        self.sent = 0
        self._audio, self._video = ssrcs_of(number)
        # A quarter into the period and three quarters into it: they are no pair in a hall either.
        self._burst_at = round(KEYFRAME_EVERY_S / PERIOD_S * (1 + 2 * number) / 4)
        self._audio_number, self._video_number = secrets.randbelow(30000), secrets.randbelow(30000)
        self._frame = 0

    def tick(self) -> Iterator[tuple[str, bytes]]:
        """What is sent every 20 ms; stamped as it is taken."""
        self._frame += 1
        yield (
            "audio",
            self._packet(self._audio, OPUS, self._audio_number, self._frame * 960, b"\x78" * 11, AUDIO_BYTES),
        )
        self._audio_number += 1
        burst = self._frame % round(KEYFRAME_EVERY_S / PERIOD_S) == self._burst_at
        keyframe = burst or self._frame == 1
        count = KEYFRAME_PACKETS if burst else 1
        for part in range(count):
            # The descriptor, and the head of a frame of 320x180, so that recorders take it for one.
            head = (b"\x10" if part == 0 else b"\x00") + bytes([0x10 | (not keyframe)]) + b"\0\0"
            head += b"\x9d\x01\x2a\x40\x01\xb4\x00"
            yield (
                "video",
                self._packet(
                    self._video,
                    VP8,
                    self._video_number,
                    self._frame * 1800,
                    head,
                    VIDEO_BYTES,
                    part == count - 1,
                ),
            )
            self._video_number += 1

    def _packet(
        self, ssrc: int, codec: int, number: int, timestamp: int, head: bytes, size: int, marker: bool = False
    ) -> bytes:
        self.sent += 1
        start = rtcp.rtp_header(False, marker, codec, number & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
        return (start + head + struct.pack("!Q", time_ns())).ljust(12 + size, b"\xaa")


class Sink:
    """The C reader of many ears; ``counts`` while it runs, ``delays`` after it ended."""

    def __init__(self, ears: Sequence[Ear], state: Path, capture: Path) -> None:
        self._ears = ears
        self._state, self._capture = state, capture

    def counts(self) -> list[tuple[int, ...]]:
        """For each ear: datagrams, bytes, overflown, again, then four times SSRC, newest number, packets."""
        with self._state.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as held:
            return list(EAR.iter_unpack(held[:]))

    def delays_ms(self) -> tuple[list[float], list[float]]:
        """From sending to arrival, of each packet of the sampled ears: ``(audio, video)``."""
        audio: list[float] = []
        video: list[float] = []
        data = self._capture.read_bytes()
        at = 0
        newest: dict[tuple[int, bytes, bytes], bool] = {}
        while at < len(data):
            arrived, length, ear = _CAPTURED.unpack_from(data, at)
            at += _CAPTURED.size
            packet = data[at : at + length]
            at += length
            key = (ear, packet[2:4], packet[8:12])
            if 192 <= packet[1] <= 223 or key in newest:
                continue
            newest[key] = True
            try:
                plain = self._ears[ear].inbound.unprotect(packet)
            except pylibsrtp.Error:  # sent again, and an earlier sink had it
                continue
            body_at = rtcp.parse_rtp(plain).body_at + STAMP_AT
            delay = (arrived - int.from_bytes(plain[body_at : body_at + 8], "big")) / 1e6
            (audio if len(plain) < 500 else video).append(delay)
        return audio, video


@asynccontextmanager
async def sink_for(ears: Sequence[Ear], folder: Path, sampled: int = 16) -> AsyncIterator[Sink]:
    """Reads ``ears`` to the end of the block; its figures stand as long as ``folder``, which must be new."""
    program = await built("sink", folder)
    state, capture = folder / "state", folder / "capture"
    for ear in ears:
        ear.hand_over()
    fds = [ear.socket.fileno() for ear in ears]
    process = await asyncio.create_subprocess_exec(
        program, state, capture, str(sampled), *map(str, fds), pass_fds=fds, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    await process.stdout.readline()
    try:
        yield Sink(ears, state, capture)
    finally:
        process.terminate()
        await process.wait()


async def built(name: str, folder: Path, *libraries: str) -> Path:
    """Compile one of ``tests/peers``."""
    program = folder / name
    compiler = await asyncio.create_subprocess_exec(
        "gcc", "-O2", "-o", program, PEERS / f"{name}.c", *(f"-l{library}" for library in libraries)
    )
    if await compiler.wait() != 0:
        raise RuntimeError(f"{name}.c does not compile")
    return program


async def publish(
    cameras: Sequence[Camera], send: Sequence[Callable[[str, bytes], None]], seconds: float
) -> None:
    """Let every camera send for so long, at half a period from each other and from their keyframes."""
    began = monotonic()
    for turn in range(round(seconds / PERIOD_S)):
        for number, (camera, out) in enumerate(zip(cameras, send, strict=True)):
            due = began + (turn + number / len(cameras)) * PERIOD_S
            await asyncio.sleep(max(0.0, due - monotonic()))
            for kind, packet in camera.tick():
                out(kind, packet)


async def report_for_ever(ears: Sequence[Ear], sink: Sink) -> None:
    """Each ear reports once a second, and asks again for one packet of about two hundred."""
    highest: list[dict[int, int]] = [{} for _ in ears]
    while True:
        counts = sink.counts()
        began = monotonic()
        for number, ear in enumerate(ears):
            streams = counts[number][4:]
            for at in range(0, len(streams), 3):
                if streams[at]:
                    highest[number][streams[at]] = streams[at + 1]
            newest = next(iter(highest[number].values()), None)
            ear.report(highest[number], [] if newest is None else [newest - 20 & 0xFFFF])
            await asyncio.sleep(max(0.0, began + (number + 1) / len(ears) - monotonic()))


def cpu_s(pid: int) -> float:
    """CPU time of a process, all its threads, in user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mb(pid: int) -> float:
    """Memory of a process, without what is shared with others."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(row.split()[1]) for row in text.splitlines() if row.startswith("Private_")) / 1024

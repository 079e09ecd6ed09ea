"""The DTLS handshake of one browser, as the server; afterwards its SRTP sessions are used directly.

The one place that touches private parts of aiortc: ``RTCDtlsTransport`` needs of its transport just
``_recv``, ``_send`` and ``role``, and after the handshake holds the two SRTP sessions. Pinned exactly and
contract-tested. What aiortc does itself at a handshake is done here instead, for two reasons: what was lost
is sent again after tenths of a second and not after one and two and four (OpenSSL's timer, RFC 6347 4.2.4.1),
and handshakes take turns, so that a hall that comes in at once does not hold up the sound of those inside.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, cast

from aiortc.rtcdtlstransport import (
    SRTP_AEAD_AES_128_GCM,
    SRTP_PROFILES,
    RTCCertificate,
    RTCDtlsTransport,
    SRTPProtectionProfile,
    State,
)
from aiortc.rtcicetransport import RTCIceTransport
from OpenSSL import SSL

from rooms.media.embedded.sealing import handle_of

FIRST_REPEAT_S, REPEATS = 0.15, 4
"""What is not answered is sent again after this long, twice as long, and so on; so often is it doubled."""
_QUEUE = 64
_DATAGRAM_BYTES = 1200


class Turns:
    """Handshakes compute one after the other, with pauses in which the thread is everybody else's."""

    def __init__(self, share: float = 0.5, clock: Callable[[], float] = monotonic) -> None:
        """``share``: of the thread's time, at most."""
        self._pause = (1 - share) / share
        self._clock = clock
        self._free_at = 0.0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def mine(self) -> None:
        """Until it is the caller's turn: it computes what it has to, without awaiting, inside ``taken``."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._arrange()
        await turn

    def taken(self, began: float) -> None:
        """A turn that began then is over."""
        now = self._clock()
        self._free_at = max(self._free_at, now) + (now - began) * self._pause

    def _arrange(self) -> None:
        if self._timer is None and self._waiting:
            wait = max(0.0, self._free_at - self._clock())
            self._timer = asyncio.get_running_loop().call_later(wait, self._next)

    def _next(self) -> None:
        self._timer = None
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                # The one whose turn it is computes first: it was woken before this is called.
                asyncio.get_running_loop().call_soon(self._arrange)
                return


class Certificate(RTCCertificate):
    """One certificate, and one context of OpenSSL for all who are shown it."""

    _context: SSL.Context | None = None

    def _create_ssl_context(self, srtp_profiles: list[SRTPProtectionProfile]) -> SSL.Context:
        if self._context is None:
            self._context = super()._create_ssl_context(srtp_profiles)
            # Browsers begin every call anew; what is kept for their return would only grow.
            self._context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        return self._context


class DtlsLink:
    """The transport under RTCDtlsTransport: a bounded queue in, the shared socket out."""

    role = "controlled"

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(_QUEUE)
        self.send = send

    def offer(self, data: bytes) -> bool:
        """False: the queue is full and the datagram dropped; DTLS sends it again."""
        try:
            self._queue.put_nowait(data)
        except asyncio.QueueFull:
            return False
        return True

    async def arrived(self, timeout_s: float | None) -> list[bytes]:
        """What has come, at least one datagram; nothing after ``timeout_s``."""
        try:
            async with asyncio.timeout(timeout_s):
                found = [await self._queue.get()]
        except TimeoutError:
            return []
        while not self._queue.empty():
            found.append(self._queue.get_nowait())
        return found

    async def _recv(self) -> bytes:
        return await self._queue.get()

    async def _send(self, data: bytes) -> None:
        self.send(data)


class Dtls(RTCDtlsTransport):
    """``start`` once; fails (``state``) rather than raises when the other side's handshake is no good."""

    def __init__(self, link: DtlsLink, certificate: RTCCertificate, turns: Turns) -> None:
        super().__init__(cast(RTCIceTransport, link), [certificate])
        self._set_role("server")
        # Ours is the order that counts, and AES-256 would cost a third more for the same room.
        self._srtp_profiles = sorted(SRTP_PROFILES, key=lambda p: p is not SRTP_AEAD_AES_128_GCM)
        self._link = link
        self._turns = turns

    @property
    def sessions(self) -> tuple[Any, Any]:
        """The SRTP sessions ``(inbound, outbound)`` of a connection that is up."""
        return self._rx_srtp, self._tx_srtp

    @property
    def sending_key(self) -> int:
        """See ``handle_of``: of the outbound one."""
        return handle_of(self._tx_srtp)

    @property
    def sending_secret(self) -> bytes | None:
        """Master key and salt (RFC 5764) of the outbound one, if it is of AES-128-GCM."""
        profile, ssl = SRTP_AEAD_AES_128_GCM, self._ssl
        if ssl is None or ssl.get_selected_srtp_profile() != profile.openssl_profile:
            return None
        size = 2 * (profile.key_length + profile.salt_length)
        exported = ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", size)
        return profile.get_key_and_salt(exported, 1)

    async def _do_handshake(self) -> None:
        """In turns, with a timer of our own; every flight is sent as what it was, so no key is used twice."""
        flight: list[bytes] = []
        repeats = 0
        while True:
            heard = await self._link.arrived(FIRST_REPEAT_S * 2**repeats if flight else None)
            if not heard:
                repeats = min(repeats + 1, REPEATS)
                self._send_all(flight)
                continue
            await self._turns.mine()
            began = monotonic()
            try:
                answer = self._take(heard)
            except SSL.Error:
                self._set_state(State.FAILED)
                return
            finally:
                self._turns.taken(began)
            if answer:
                flight, repeats = answer, 0
                self._send_all(flight)
            if self.encrypted:
                # Nothing tells whether the last one came; what comes a second time is dropped over there.
                asyncio.get_running_loop().call_later(FIRST_REPEAT_S, self._send_all, flight)
                return

    def _send_all(self, flight: list[bytes]) -> None:
        for datagram in flight:
            self._link.send(datagram)

    def _take(self, heard: list[bytes]) -> list[bytes]:
        """What the other side's datagrams are answered with. Raises SSL.Error."""
        ssl = self._ssl
        assert ssl is not None, "RTCDtlsTransport.start makes it before it calls us"
        for datagram in heard:
            ssl.bio_write(datagram)
            with contextlib.suppress(SSL.WantReadError):
                ssl.do_handshake()
                self.encrypted = True
        found = []
        with contextlib.suppress(SSL.WantReadError):
            while data := ssl.bio_read(_DATAGRAM_BYTES):
                found.append(data)
        return found

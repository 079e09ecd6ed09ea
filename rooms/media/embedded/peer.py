"""One browser: DTLS handshake, then its SRTP sessions used directly.

What the decrypted packets mean is the forwarder's business.
"""

import asyncio
import contextlib
import logging
from time import monotonic
from typing import Protocol, cast

import pylibsrtp
from aiortc.rtcdtlstransport import RTCCertificate, RTCDtlsFingerprint, RTCDtlsParameters

from rooms.ids import RoomId
from rooms.media.embedded.dtls import Dtls, DtlsLink, Turns
from rooms.media.embedded.mux import Bearer, Mux
from rooms.media.embedded.sdp import Terms
from rooms.media.embedded.sealing import Sealing, sealing_of
from rooms.media.embedded.slots import Budget
from rooms.media.plane import Kind, PeerSpec

log = logging.getLogger(__name__)

HANDSHAKE_TIMEOUT_S = 30.0


class Srtp(Protocol):
    """The part of pylibsrtp.Session that is used; it raises pylibsrtp.Error, and ValueError over 1,356 B."""

    def protect(self, packet: bytes) -> bytes: ...
    def protect_rtcp(self, packet: bytes) -> bytes: ...
    def unprotect(self, packet: bytes) -> bytes: ...
    def unprotect_rtcp(self, packet: bytes) -> bytes: ...


class PeerOwner(Protocol):
    """Who is told what a peer does."""

    def on_connected(self, peer: "Peer") -> None: ...
    def on_lost(self, peer: "Peer") -> None: ...
    def on_rtp(self, peer: "Peer", packet: bytes, now: float) -> None: ...
    def on_rtcp(self, peer: "Peer", packet: bytes, now: float) -> None: ...


class Peer:
    """``run`` once; ``end`` at any time; each is safe in any order."""

    def __init__(
        self,
        room_id: RoomId,
        spec: PeerSpec,
        terms: Terms,
        mux: Mux,
        certificate: RTCCertificate,
        owner: PeerOwner,
        turns: Turns,
    ) -> None:
        self.room_id = room_id
        self.spec = spec
        self.terms = terms
        self.bearer = Bearer(
            terms.local_ufrag, terms.local_password, terms.remote_ufrag, terms.remote_password
        )
        self.connected = False
        self.admitted_at = monotonic()
        self.connected_at = -1e9
        pictures = [line for line in terms.receiving if line.kind is Kind.VIDEO]
        self._greeted = False
        """It has begun the handshake."""
        self._pictures = {line.ssrc for line in pictures} | {line.rtx[0] for line in pictures if line.rtx}
        self._mux = mux
        self._owner = owner
        self._records = Budget(per_s=50, burst=100)
        """A handshake has a dozen datagrams, and a goodbye one; OpenSSL takes its time over each."""
        self._link = DtlsLink(self._send_raw)
        self._dtls = Dtls(self._link, certificate, turns)
        self._closed = asyncio.Event()
        self._dtls.on("statechange", self._state_changed)
        self._inbound: Srtp | None = None
        self._outbound: Srtp | None = None
        self._task: asyncio.Task[None] | None = None
        self.sending_key: int | None = None
        """libsrtp's own handle (``handle_of``) of what we encrypt with; None while nothing may be sent."""
        self.sealing: Sealing | None = None
        """What to encrypt with when not by that; None: only by that."""

    def run(self) -> None:
        """Begin to accept the browser."""
        self._mux.add(self)
        self._task = asyncio.get_running_loop().create_task(self._live())

    async def end(self) -> None:
        """Say goodbye and forget the browser; the owner is not told."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        self.connected = False
        await self._dtls.stop()
        self._mux.remove(self)
        self._inbound = self._outbound = self.sending_key = self.sealing = None
        # A peer and its DTLS hold each other until the collector comes; what OpenSSL and libsrtp have for
        # them, some 60 KB that it knows nothing of, goes now.
        self._dtls.remove_all_listeners()
        self._dtls._ssl = None
        self._dtls._rx_srtp = self._dtls._tx_srtp = cast(pylibsrtp.Session, None)

    async def _live(self) -> None:
        fingerprints = [RTCDtlsFingerprint(name, value) for name, value in self.terms.fingerprints]
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                await self._dtls.start(RTCDtlsParameters(fingerprints))
        except TimeoutError:
            log.info("peer %s: no handshake within %g s", self.spec.peer_id, HANDSHAKE_TIMEOUT_S)
        except Exception:
            log.exception("peer %s: handshake failed", self.spec.peer_id)
        if self._dtls.state == "connected":
            self._inbound, self._outbound = self._dtls.sessions
            self.sending_key = self._dtls.sending_key
            self.sealing = sealing_of(self._dtls.sending_secret)
            self.connected = True
            self.connected_at = monotonic()
            self._owner.on_connected(self)
            await self._closed.wait()
        self._owner.on_lost(self)

    def _state_changed(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self._closed.set()

    # From the mux.

    def on_dtls(self, data: bytes) -> None:
        if not self._greeted:
            # Before anything of ours waits before its line: what later ones are compared with, and what is
            # known by the time that the first picture could fill it.
            self._greeted = True
            self.ask_capacity(monotonic())
        if not self._records.spend(monotonic()):
            self._mux.dropped["dtls_budget"] += 1
        elif not self._link.offer(data):
            self._mux.dropped["dtls_full"] += 1

    def on_srtp(self, data: bytes, now: float) -> None:
        inbound = self._inbound
        if inbound is None or len(data) < 12:
            self._mux.dropped["early_media" if inbound is None else "short_media"] += 1
            return
        is_rtcp = 192 <= data[1] <= 223
        try:
            plain = inbound.unprotect_rtcp(data) if is_rtcp else inbound.unprotect(data)
        except (pylibsrtp.Error, ValueError):
            self._mux.dropped["unprotect_failed"] += 1
            return
        self.bearer.heard_at = now
        if is_rtcp:
            self._owner.on_rtcp(self, plain, now)
        else:
            self._owner.on_rtp(self, plain, now)

    # Towards the browser.

    def ask_round_trip(self, now: float) -> None:
        """How long packets take there and back at present; see ``Bearer.round_trip_s``."""
        self._mux.ask_round_trip(self, now)

    def ask_capacity(self, now: float) -> None:
        """How much the way there carries; see ``Bearer.carries_bits_per_s``."""
        self._mux.ask_capacity(self, now)

    def send_rtp(self, packet: bytes) -> None:
        """Raises pylibsrtp.Error, or ValueError for a packet that is too long."""
        if self._outbound is None:
            return
        datagram = self._outbound.protect(packet)
        if self.bearer.address is None:
            return
        if int.from_bytes(packet[8:12], "big") in self._pictures:
            self._mux.send_picture(datagram, self.bearer.address)
        else:
            self._mux.send(datagram, self.bearer.address)

    def send_rtcp(self, packet: bytes) -> None:
        if self._outbound is not None:
            self._send_raw(self._outbound.protect_rtcp(packet))

    def _send_raw(self, datagram: bytes) -> None:
        if self.bearer.address is not None:
            self._mux.send(datagram, self.bearer.address)

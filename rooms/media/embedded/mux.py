"""One port for every browser, UDP and TCP: who a datagram belongs to is decided by its source address.

A datagram from an unknown address is dropped unless it is a STUN check that names a live user name and
carries its password. Wherever such checks came from, a peer is heard: browsers send by a new way before they
have said so, and by the old one for a while after. It is sent to one address alone, the first until it has
nominated one. Only a nominating check moves it; a move, and any claim to an address that another peer is sent
to, waits until our own check to that address was answered with the peer's password.
Everything that is dropped is counted by cause. Nothing here decrypts.
"""

import asyncio
import contextlib
import logging
import socket
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from rooms.media.embedded import ice
from rooms.media.embedded.arrival import arrived_at, stamp
from rooms.media.embedded.burst import CHECK_BYTES, CHECKS, Asked, Burst
from rooms.media.embedded.ice import Address, Sort
from rooms.media.embedded.slots import Budget
from rooms.media.embedded.tcp import Streams, host_of, is_stream, socket_for

log = logging.getLogger(__name__)

DATAGRAMS_PER_TURN = 64
"""Read at most so many before the loop may do something else."""
_BUFFER_BYTES = 4 * 1024 * 1024
_CHECK_LIFETIME_S = 5.0
_CHECKS_OUTSTANDING = 4
_CHECKS_REMEMBERED, _MOST_REPEATS = 256, 8
"""Of each peer; RFC 8489 (6.2.1) lets a client send a check seven times."""
_PORTS_TRIED = 20
_ASKED_REMEMBERED = 16
_PLACES_REMEMBERED = 8
"""Of each peer: two networks, with IPv4 and IPv6, UDP and TCP."""


class Answered:
    """How often each check was answered: clients repeat a lost one a few times, a replay goes on for ever."""

    def __init__(self) -> None:
        self._times: dict[bytes, tuple[int, Address]] = {}

    def again(self, transaction: bytes, source: Address) -> Address | None:
        """Answer it (once more): from where it came the first time. None: do not."""
        times, first = self._times.pop(transaction, (0, source))
        self._times[transaction] = times + 1, first
        if len(self._times) > _CHECKS_REMEMBERED:
            del self._times[next(iter(self._times))]
        return first if times < _MOST_REPEATS else None


class Bearer:
    """The ICE side of one peer: credentials, where it is, when it was last heard."""

    def __init__(
        self, local_ufrag: str, local_password: str, remote_ufrag: str, remote_password: str
    ) -> None:
        self.local_ufrag = local_ufrag
        self.local_password = local_password
        self.remote_ufrag = remote_ufrag
        self.remote_password = remote_password
        self.address: Address | None = None
        """Where it is sent to."""
        self.nominated = False
        """The peer has chosen one; until then it is sent to the first that it showed itself at."""
        self.moved_at = -1e9
        """When that changed, after the first that it chose."""
        self.places: list[Address] = []
        """Where it is heard, oldest first; unless another peer has come to be heard there."""
        self.heard_at = monotonic()
        self.round_trip_s: float | None = None
        """The newest that was measured; whoever has read it sets it back."""
        self.carries_bits_per_s: float | None = None
        """As the newest burst shows; likewise."""
        self.asked: dict[bytes, Asked] = {}
        """Our checks for these, by transaction, oldest first."""
        self.requests = Budget(per_s=50, burst=100)
        """Authentic ones only: who does not know the password cannot use it up."""
        self.answered = Answered()


class Receiver(Protocol):
    """What takes a peer's datagrams once their source is known."""

    bearer: Bearer

    def on_dtls(self, data: bytes) -> None: ...

    def on_srtp(self, data: bytes, now: float) -> None: ...


@dataclass(frozen=True, slots=True)
class _Check:
    receiver: Receiver
    address: Address
    sent_at: float


class Mux:
    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        """By cause."""
        self.moves = 0
        """Counts whenever a peer has left, or is no longer sent to the address where it was."""
        self._by_ufrag: dict[str, Receiver] = {}
        self._by_address: dict[Address, Receiver] = {}
        """Who is heard there."""
        self._checks: dict[bytes, _Check] = {}
        """Our own outstanding checks by transaction, oldest first."""
        self._socket: socket.socket | None = None
        self._send: Callable[[bytes, Address], int] | None = None
        self._streams = Streams(self.dropped, self._arrived, self._stream_lost)

    def open(self, bind_address: str, port: int) -> int:
        """Bind both, start to read, return the port. Raises OSError."""
        for tries_left in reversed(range(1 if port else _PORTS_TRIED)):
            bound = self._open_udp(bind_address, port)
            try:
                self._streams.open(bind_address, bound)
            except OSError:
                # Any free UDP port will do when none is named, but its twin may be taken.
                self.close()
                if not tries_left:
                    raise
            else:
                return bound
        raise AssertionError

    def _open_udp(self, bind_address: str, port: int) -> int:
        opened = socket_for(bind_address, socket.SOCK_DGRAM)
        opened.setblocking(False)
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            with contextlib.suppress(OSError):
                opened.setsockopt(socket.SOL_SOCKET, option, _BUFFER_BYTES)
        try:
            opened.bind((bind_address, port))
        except OSError:
            opened.close()
            raise
        stamp(opened)
        self._socket, self._send = opened, opened.sendto
        asyncio.get_running_loop().add_reader(opened, self._readable, opened)
        bound: int = opened.getsockname()[1]
        return bound

    @property
    def opened(self) -> socket.socket:
        """The open one; the hot path sends on it. Raises OSError while it is closed."""
        if self._socket is None:
            raise OSError("the port is not open")
        return self._socket

    def close(self) -> None:
        self._streams.close()
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket)
            self._socket.close()
            self._socket = self._send = None

    def add(self, receiver: Receiver) -> None:
        self._by_ufrag[receiver.bearer.local_ufrag] = receiver

    def remove(self, receiver: Receiver) -> None:
        bearer = receiver.bearer
        self._by_ufrag.pop(bearer.local_ufrag, None)
        self._checks = {t: check for t, check in self._checks.items() if check.receiver is not receiver}
        self.moves += 1
        for place in bearer.places:
            if self._by_address.get(place) is receiver:
                del self._by_address[place]
        bearer.places, bearer.address = [], None
        self._streams.release(bearer.local_ufrag)

    def send_picture(self, data: bytes, address: Address) -> None:
        """As ``send``, for what a slow line may lose first."""
        if is_stream(address):
            self._streams.send(data, address, picture=True)
        else:
            self.send(data, address)

    def send(self, data: bytes, address: Address) -> None:
        """Send or count; never raises: one unreachable seat is not the room's trouble."""
        if is_stream(address):
            self._streams.send(data, address, picture=False)
            return
        if self._send is None:
            return
        try:
            self._send(data, address)
        except BlockingIOError:
            self.dropped["send_full"] += 1
        except OSError:
            self.dropped["send_failed"] += 1

    def ask_round_trip(self, receiver: Receiver, now: float) -> None:
        """By a check of our own to where the peer is; the answer sets ``round_trip_s``. Not over TCP, whose
        round trips are those of its own repairs."""
        self._ask(receiver, now, checks=1, octets=0)

    def ask_capacity(self, receiver: Receiver, now: float) -> None:
        """By a burst of them; the answers set ``carries_bits_per_s`` as well."""
        self._ask(receiver, now, checks=CHECKS, octets=CHECK_BYTES)

    def _ask(self, receiver: Receiver, now: float, *, checks: int, octets: int) -> None:
        bearer = receiver.bearer
        if bearer.address is None or is_stream(bearer.address):
            return
        names = bearer.remote_ufrag, bearer.local_ufrag, bearer.remote_password
        # All are made before the first leaves: what is between them there is to be the way's doing.
        made = [ice.check(*names, octets=octets) for _ in range(checks)]
        burst = Burst([transaction for transaction, _ in made]) if checks > 1 else None
        for number, (transaction, _) in enumerate(made):
            bearer.asked[transaction] = Asked(now, burst, number == 0)
        while len(bearer.asked) > _ASKED_REMEMBERED:
            del bearer.asked[next(iter(bearer.asked))]
        for _, datagram in made:
            self.send(datagram, bearer.address)

    def _readable(self, opened: socket.socket) -> None:
        for _ in range(DATAGRAMS_PER_TURN):
            try:
                data, source = opened.recvfrom(2048)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                # A late ICMP error of an earlier send; the socket itself is fine.
                self.dropped["receive_failed"] += 1
                continue
            self._arrived(data, (source[0], source[1]), monotonic())

    def _arrived(self, data: bytes, source: Address, now: float) -> None:
        try:
            self.on_datagram(data, source, now)
        except Exception:
            self.dropped["error"] += 1
            log.exception("a datagram could not be handled")

    def _stream_lost(self, address: Address) -> None:
        """A peer that was sent to it has no address until it is heard from another."""
        receiver = self._by_address.pop(address, None)
        if receiver is not None:
            self._unseat(receiver, address)

    def on_datagram(self, data: bytes, source: Address, now: float) -> None:
        if not data:
            self.dropped["empty"] += 1
            return
        first = data[0]
        if first < 4:
            self._on_stun(data, source, now)
            return
        receiver = self._by_address.get(source)
        if receiver is None:
            self.dropped["stranger"] += 1
        elif 127 < first < 192:
            receiver.on_srtp(data, now)
        elif 19 < first < 64:
            receiver.on_dtls(data)
        else:
            self.dropped["unknown_protocol"] += 1

    def _on_stun(self, data: bytes, source: Address, now: float) -> None:
        match ice.sort_of(data):
            case Sort.REQUEST:
                self._on_request(data, source, now)
            case Sort.RESPONSE:
                self._on_response(data, source, now)
            case Sort.OTHER:
                self.dropped["idle_stun"] += 1
            case Sort.BROKEN:
                self.dropped["broken_stun"] += 1

    def _on_request(self, data: bytes, source: Address, now: float) -> None:
        receiver = self._by_ufrag.get(ice.local_ufrag(data) or "")
        if receiver is None:
            self.dropped["unknown_ufrag"] += 1
            return
        bearer = receiver.bearer
        if not ice.authentic(data, bearer.local_password):
            self.dropped["unverified_stun"] += 1
            return
        first = bearer.answered.again(ice.transaction_of(data), source)
        if first is None:
            self.dropped["replayed_stun"] += 1
            return
        if not bearer.requests.spend(now):
            self.dropped["stun_budget"] += 1
            return
        if source == bearer.address:
            bearer.heard_at = now
        if is_stream(source):
            self._streams.claim(source, bearer.local_ufrag)
        self.send(ice.success(data, host_of(source), bearer.local_password), source)
        holder, nominates = self._by_address.get(source), ice.nominates(data)
        # A copy from elsewhere is somebody else's: it proves nothing of where its writer is.
        free = first == source and (holder is None or holder is receiver or holder.bearer.address != source)
        if free:
            self._hear(receiver, source)
        if source == bearer.address:
            bearer.nominated = bearer.nominated or nominates
        elif free and (bearer.address is None or (nominates and not bearer.nominated)):
            self._commit(receiver, source, now, nominated=nominates)
        elif nominates:
            self._check(receiver, source, now)

    def _hear(self, receiver: Receiver, source: Address) -> None:
        """Take what comes from there for this peer's."""
        self._by_address[source] = receiver
        places = receiver.bearer.places
        if source in places:
            return
        places.append(source)
        if len(places) > _PLACES_REMEMBERED:
            oldest = next(place for place in places if place != receiver.bearer.address)
            places.remove(oldest)
            if self._by_address.get(oldest) is receiver:
                del self._by_address[oldest]

    def _check(self, receiver: Receiver, source: Address, now: float) -> None:
        """It is to be sent there if our own check is answered from there."""
        bearer = receiver.bearer
        self._forget_old_checks(now)
        if sum(check.receiver is receiver for check in self._checks.values()) >= _CHECKS_OUTSTANDING:
            self.dropped["check_budget"] += 1
            return
        transaction, datagram = ice.check(bearer.remote_ufrag, bearer.local_ufrag, bearer.remote_password)
        self._checks[transaction] = _Check(receiver, source, now)
        self.send(datagram, source)

    def _on_response(self, data: bytes, source: Address, now: float) -> None:
        self._forget_old_checks(now)
        transaction = ice.transaction_of(data)
        check = self._checks.get(transaction)
        known = self._by_address.get(source)
        if known is not None and transaction in known.bearer.asked:
            if ice.authentic(data, known.bearer.remote_password):
                came = now if self._socket is None else arrived_at(self._socket, now)
                self._measured(known.bearer, transaction, came)
            else:
                self.dropped["unverified_stun"] += 1
        elif check is None or check.address != source:
            self.dropped["unasked_stun"] += 1
        elif not ice.authentic(data, check.receiver.bearer.remote_password):
            self.dropped["unverified_stun"] += 1
        else:
            del self._checks[transaction]
            self._commit(check.receiver, source, now, nominated=True)

    def _measured(self, bearer: Bearer, transaction: bytes, came: float) -> None:
        asked = bearer.asked.pop(transaction)
        if asked.first:
            # Not less than nothing, though the clock of stamps be set.
            bearer.round_trip_s = max(0.0, came - asked.at)
        carries = asked.burst.answered(transaction, came) if asked.burst is not None else None
        if carries is not None:
            bearer.carries_bits_per_s = carries

    def _forget_old_checks(self, now: float) -> None:
        while self._checks:
            oldest = next(iter(self._checks))
            if now - self._checks[oldest].sent_at < _CHECK_LIFETIME_S:
                return
            del self._checks[oldest]

    def _commit(self, receiver: Receiver, address: Address, now: float, *, nominated: bool) -> None:
        holder = self._by_address.get(address)
        if holder is not None and holder is not receiver:
            self._unseat(holder, address)
        self._hear(receiver, address)
        bearer = receiver.bearer
        if bearer.address != address:
            if bearer.address is not None:
                self.moves += 1
            # What was asked over another way tells nothing of this one.
            bearer.asked.clear()
            bearer.round_trip_s = bearer.carries_bits_per_s = None
            bearer.moved_at = now if bearer.nominated else bearer.moved_at
        bearer.address, bearer.heard_at = address, now
        bearer.nominated = bearer.nominated or nominated

    def _unseat(self, receiver: Receiver, address: Address) -> None:
        """It is not heard there any more, nor sent there."""
        bearer = receiver.bearer
        if address in bearer.places:
            bearer.places.remove(address)
        if bearer.address == address:
            self.moves += 1
            bearer.address = None

"""How often a password or a short code may be tried: guessing is slow, the right person not locked out.

Nothing is ever locked: a pace is run out of and comes back by itself. What is answered does not depend on
whether there is such an account. Whoever was right before is not held back by strangers: a browser that has
signed in to an account has a pace of its own, and so has a network from which a right code came.

Each kind of pace has a table of its own, of a fixed size. Nothing in it gives way to anything else, so nobody
is rid of a pace by wearing out others. Nobody can choose where a pace is kept, and each is at two places, of
which the better counts (a count-min sketch, Cormode and Muthukrishnan 2005): strangers are seldom in the way.
"""

import ipaddress
from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from secrets import token_bytes
from struct import unpack
from time import monotonic
from typing import TypeAlias

PLACES = 1 << 16
"""In each table, of 8 bytes."""
MOST_KNOWN = 10_000
"""Networks of right codes; the one that was silent longest goes first. Only a right code adds one."""


@dataclass(frozen=True, slots=True)
class Limit:
    at_once: int
    every_s: float


KNOWN = Limit(10, 20)
"""A browser that knows this account."""
NAME_HERE = Limit(5, 60)
"""One name from one network."""
NAME = Limit(50, 10)
"""One name from everywhere, by browsers that do not know it."""
ADDRESS = Limit(60, 2)
"""One network with any names: an office shares one."""
CODE_HERE = Limit(20, 20)
"""Wrong short codes from one network; right ones do not count, a whole kabupaten may share one address."""
CODE = Limit(1_000, 1)
"""Wrong ones from all networks that were not right before: guessing without pause at 220 codes of 40 bits
finds one of them in 160 years."""
CODE_FIRST = (Limit(3, 6 * 3600), Limit(12, 3600), Limit(200, 60))
"""Once ``CODE`` is used up: the first ones of a network, of its neighbourhood, of its region (``_networks``).
So an office comes in while strangers guess, unless they do it from next door. Ten thousand networks that
guess add half as much again to what ``CODE`` allows."""


class Table:
    """Paces of one kind in bounded memory; ``clock`` gives seconds."""

    def __init__(self, limit: Limit, clock: Callable[[], float], places: int = PLACES) -> None:
        self._limit = limit
        self._clock = clock
        self._secret = token_bytes(16)
        self._full_at = array("d", bytes(8 * places))
        """When each pace has come back wholly."""

    def has(self, key: str) -> bool:
        """Whether there is one left."""
        debt_s = min(self._full_at[place] for place in self._places(key)) - self._clock()
        return debt_s <= (self._limit.at_once - 1) * self._limit.every_s

    def take(self, key: str) -> None:
        now = self._clock()
        for place in self._places(key):
            self._full_at[place] = max(self._full_at[place], now) + self._limit.every_s

    def give_back(self, key: str) -> None:
        """The last one does not count."""
        for place in self._places(key):
            self._full_at[place] -= self._limit.every_s

    def _places(self, key: str) -> set[int]:
        mixed = blake2b(key.encode(errors="surrogatepass"), key=self._secret, digest_size=8).digest()
        return {half % len(self._full_at) for half in unpack("II", mixed)}


Wanted: TypeAlias = Sequence[tuple[Table, str]]


class Attempts:
    """``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._known = Table(KNOWN, clock)
        self._name_here, self._name = Table(NAME_HERE, clock), Table(NAME, clock)
        self._address = Table(ADDRESS, clock)
        self._code_here, self._code = Table(CODE_HERE, clock), Table(CODE, clock, places=1)
        self._code_first = [Table(limit, clock) for limit in CODE_FIRST]
        self._right_before: OrderedDict[str, None] = OrderedDict()

    def may(self, name: str, address: str, known: str) -> bool:
        """Whether to look at this attempt. ``known``: id of a browser that knows the account, or empty."""
        if known:
            return _take([(self._known, _key(name, known))])
        network = _networks(address)[0]
        here = (self._name_here, _key(name, network))
        return _take([here, (self._name, name), (self._address, network)])

    def code(self, address: str) -> "CodeAttempt | None":
        """None: this short code is not to be looked at."""
        networks = _networks(address)
        here = (self._code_here, networks[0])
        ways: list[Wanted] = [[here]]
        if networks[0] not in self._right_before:
            first = zip(self._code_first, networks, strict=True)
            ways = [[here, (self._code, "")], [here, *first]]
        return next((CodeAttempt(self, networks[0], way) for way in ways if _take(way)), None)

    def remember(self, network: str) -> None:
        """A right code came from there."""
        self._right_before[network] = None
        self._right_before.move_to_end(network)
        while len(self._right_before) > MOST_KNOWN:
            self._right_before.popitem(last=False)


@dataclass(frozen=True, slots=True)
class CodeAttempt:
    """One short code that is looked at; a wrong one unless it is said to be right."""

    attempts: Attempts
    network: str
    taken: Wanted

    def right(self) -> None:
        """It does not count, and its network is known from now on."""
        for table, key in self.taken:
            table.give_back(key)
        self.attempts.remember(self.network)


def _take(wanted: Wanted) -> bool:
    """From all or from none: what one refuses does not use up the others."""
    if not all(table.has(key) for table, key in wanted):
        return False
    for table, key in wanted:
        table.take(key)
    return True


def _key(*parts: str) -> str:
    return "\0".join(parts)


def _networks(address: str) -> tuple[str, str, str]:
    """Whom a line belongs to, its neighbourhood, its region: with IPv6 somebody has a /64 of addresses."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address, address, address
    own, near, wide = (64, 48, 32) if parsed.version == 6 else (32, 24, 16)
    bits, number = parsed.max_prefixlen, int(parsed)
    first, second, third = (f"{number >> (bits - length):x}/{length}" for length in (own, near, wide))
    return first, second, third

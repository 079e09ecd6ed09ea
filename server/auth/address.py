"""From which address somebody asks, also where a proxy of ours stands in between.

A proxy adds the address that asked it at the end of ``X-Forwarded-For``. Only what proxies of
``REMBUG_PROXIES`` say is believed; what was in the header before them, anybody could have written.
"""

import ipaddress
from collections.abc import Sequence
from typing import TypeAlias

from aiohttp import web

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network
PROXIES: web.AppKey[tuple[Network, ...]] = web.AppKey("proxies", tuple)


def networks(text: str) -> tuple[Network, ...]:
    """``10.0.0.0/8, 127.0.0.1``: raises ValueError for what is no network."""
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


def address_of(request: web.Request) -> str:
    said = ",".join(request.headers.getall("X-Forwarded-For", ()))
    proxies: tuple[Network, ...] = request.app[PROXIES]
    return asked_from(request.remote or "", said, proxies)


def asked_from(peer: str, forwarded: str, proxies: Sequence[Network]) -> str:
    """``peer``: who is connected to us; ``forwarded``: the header as it came."""
    before = [part.strip() for part in forwarded.split(",") if part.strip()]
    address = peer
    while before and _is_ours(address, proxies):
        nearer = before.pop()
        if _parsed(nearer) is None:
            break
        address = nearer
    return address


def _is_ours(address: str, proxies: Sequence[Network]) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(
        parsed in network for network in proxies if network.version == parsed.version
    )


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    # Where a socket hears both versions of IP, IPv4 comes as ::ffff:192.0.2.7.
    return getattr(parsed, "ipv4_mapped", None) or parsed

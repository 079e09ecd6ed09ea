"""What handlers find in the application; put there by ``server.app`` and by nobody else.

The keys of what is kept are in ``server.kept``, those of the live rooms in ``server.signalling.entrance``.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Literal

from aiohttp import web

from rooms.media.plane import MediaPlane
from server.auth.attempts import Attempts
from server.auth.identity import Identity
from server.auth.passwords import Passwords
from server.auth.tokens import Tokens
from server.i18n import Words
from server.pace import Paces

NOW: web.AppKey[Callable[[], int]] = web.AppKey("now")
"""ms since the epoch (UTC)."""
NEW_ID: web.AppKey[Callable[[], str]] = web.AppKey("new_id")
WORDS = web.AppKey("words", Words)
PLANE: web.AppKey[MediaPlane] = web.AppKey("plane")
TOKENS = web.AppKey("tokens", Tokens)
ACCOUNT_TOKENS = web.AppKey("account_tokens", Tokens)
BROWSER_TOKENS = web.AppKey("browser_tokens", Tokens)
"""Cookies of browsers that have signed in to an account before."""
SIGNED_IN: web.AppKey[Callable[[str], Awaitable[Identity | None]]] = web.AppKey("signed_in")
"""The id of a signing in -> who it is; None when it has ended."""
PASSWORDS = web.AppKey("passwords", Passwords)
ATTEMPTS = web.AppKey("attempts", Attempts)
Ended = Literal["", "revoked", "expired"]
"""Why a link opens no more; empty while it does."""
LOOKUP: web.AppKey[Callable[[str], Awaitable[tuple[Identity, Ended] | None]]] = web.AppKey("lookup")
"""A link's public id -> who it is, and if and why it has ended; None when there is no such link."""
EXCHANGE: web.AppKey[Callable[[str], Awaitable[Identity | None]]] = web.AppKey("exchange")
"""A link's secret -> who it is; None when unknown or revoked. Raises Refusal when its time is over."""
EXCHANGE_CODE: web.AppKey[Callable[[str], Awaitable[Identity | None]]] = web.AppKey("exchange_code")
"""Likewise for a seat's short code."""
BEARER: web.AppKey[Callable[[str], Awaitable[Identity | None]]] = web.AppKey("bearer")
"""The secret of another application's key -> who it is; None when it opens nothing."""
SESSION: web.AppKey[Callable[[Identity], Awaitable[tuple[str, bool]]]] = web.AppKey("session")
"""The name of the session that a link belongs to, and whether that is a gladi."""
PUBLIC_URL = web.AppKey("public_url", str)
"""Where people find this server, without a slash at the end; for links that are shown."""
PUBLIC_ORIGIN = web.AppKey("public_origin", str)
"""Origin of the configured public URL, for a proxy that changes ``Host``; empty: none is configured."""
RELAY: web.AppKey[Callable[[str], list[dict[str, str]]]] = web.AppKey("relay")
"""A link's public id -> the relays that its browser may use, for a while."""
SECURE = web.AppKey("secure", bool)
"""Whether cookies travel by TLS only."""
REQUESTS = web.AppKey("requests", Paces)
"""How fast a seat's link may send requests."""
METRICS_TOKEN = web.AppKey("metrics_token", str)
"""What asks for ``/metrics`` shows; empty: it must be on this machine."""
SLIDES = web.AppKey("slides", Path)
"""Where pages of slides are (``server.slides``)."""
RECORDINGS = web.AppKey("recordings", Path)

"""The way round by a relay (TURN over TLS), for offices whose network lets through little else.

The relay is coturn with the settings in ``server/data/turnserver.conf``; it knows nothing but a secret that
it shares with us. Who opens a page gets a name and a password that expire, as "A REST API For Access To TURN
Services" (draft-uberti-behave-turn-rest-00) has it, and the relay passes them on to our media port alone.
"""

import base64
import hashlib
import hmac

LIFE_S = 24 * 3600
"""As long as a session and its preparation, since a page is told once."""


def ice_servers(url: str, secret: str, name: str, now_s: float) -> list[dict[str, str]]:
    """What a browser's RTCPeerConnection takes; nothing without a relay. ``name`` shows in coturn's log."""
    if not url:
        return []
    username = f"{int(now_s) + LIFE_S}:{name}"
    digest = hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()
    return [{"urls": url, "username": username, "credential": base64.b64encode(digest).decode()}]

"""The cookie's JWT; the only importer of jose.

HS256 and nothing else, written as a literal: the algorithm is never read from the token. ``exp``, ``iat``,
``aud``, ``iss``, ``jti`` and ``sub`` must all be there. The key is random bytes (auth.secret), never text
that jose could take for a public key. A valid token says which personal link was used, not what it may do:
whether that link still stands is asked of the store at every request.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass

from jose import JWTError, jwt

ISSUER = "rembug"
AUDIENCE = "rembug:tautan"
SIGNED_IN = "rembug:akun"
KNOWN_BROWSER = "rembug:perangkat"
LIFE_S = 14 * 24 * 3600
MOST_CHARS = 2048

_REQUIRED = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "jti", "sub")}


class BadToken(ValueError):
    """Forged, expired, malformed or not ours."""


@dataclass(frozen=True, slots=True)
class Claims:
    grant_id: str
    """The link's, or what else this kind of cookie names."""
    jti: str
    issued_at_s: int
    expires_at_s: int


class Tokens:
    """Mints and reads cookies of one kind, ``audience``; ``now_s`` gives seconds since the epoch (UTC)."""

    def __init__(self, secret: bytes, now_s: Callable[[], float], audience: str = AUDIENCE) -> None:
        if len(secret) < 32:
            raise ValueError("the secret must have at least 32 bytes")
        self._secret = secret
        self._now_s = now_s
        self._audience = audience

    def mint(self, grant_id: str, life_s: int = LIFE_S) -> str:
        now = int(self._now_s())
        claims = {
            "sub": grant_id,
            "iss": ISSUER,
            "aud": self._audience,
            "iat": now,
            "exp": now + life_s,
            "jti": secrets.token_urlsafe(16),
        }
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def read(self, token: str) -> Claims:
        """Raises BadToken."""
        if len(token) > MOST_CHARS:
            raise BadToken("too long")
        try:
            claims = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                audience=self._audience,
                issuer=ISSUER,
                options=_REQUIRED,
            )
            return Claims(
                grant_id=str(claims["sub"]),
                jti=str(claims["jti"]),
                issued_at_s=int(claims["iat"]),
                expires_at_s=int(claims["exp"]),
            )
        except (JWTError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            # jose lets more than its own errors through on hostile headers and payloads.
            raise BadToken(str(error)) from error

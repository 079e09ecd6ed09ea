"""The secrets of personal links: each follows from the server's own secret and the link's public id.

So none is stored and the Panitia can print a link again on the evening before; a stolen database opens no
door, because the server's secret is in a file of its own (who has that one can sign cookies anyway). Short
codes stand for the same links where somebody has to type: eight signs without any that look alike.
"""

import hmac
import secrets
from base64 import urlsafe_b64encode

SECRET_BYTES = 24  # 192 bit
CODE_CHARS = 8  # 40 bit; how often somebody may guess is said by ``server.auth.attempts``
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U."""
_ALIKE = str.maketrans("OIL", "011")


class LinkSecrets:
    """``key``: the server's secret; without one the secrets are known only to this process."""

    def __init__(self, key: bytes | None = None) -> None:
        key = key or secrets.token_bytes(SECRET_BYTES)
        # Keys of their own: what signs cookies never signs one of these.
        self._tokens = hmac.digest(key, b"rembug tautan", "sha256")
        self._codes = hmac.digest(key, b"rembug kode", "sha256")
        self._stored = hmac.digest(key, b"rembug kode tersimpan", "sha256")

    def token(self, public_id: str) -> str:
        """URL-safe."""
        digest = hmac.digest(self._tokens, public_id.encode(), "sha256")
        return urlsafe_b64encode(digest[:SECRET_BYTES]).decode()

    def code(self, public_id: str) -> str:
        """``K7MP3RTX``"""
        number = int.from_bytes(hmac.digest(self._codes, public_id.encode(), "sha256")[:5], "big")
        return "".join(_SIGNS[number >> 5 * place & 31] for place in range(CODE_CHARS))

    def stored(self, code: str) -> bytes:
        """What is kept of a code. Keyed, for 40 bits alone would be found by trying them all."""
        return hmac.digest(self._stored, code.encode(), "sha256")


def typed_code(text: str) -> str | None:
    """The code that somebody typed: with or without dash, small letters, O for 0; None when it is none."""
    code = "".join(text.upper().translate(_ALIKE).replace("-", " ").split())
    return code if len(code) == CODE_CHARS and set(code) <= set(_SIGNS) else None


def shown_code(code: str) -> str:
    """``K7MP-3RTX``"""
    return f"{code[:4]}-{code[4:]}"

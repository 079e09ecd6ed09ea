"""The server's signing secret: random bytes in a file that only its owner may read.

Made on the first start; every later start reads it, so that links keep working over a restart.
"""

import os
import secrets
import stat
from pathlib import Path

SECRET_BYTES = 48
LEAST_BYTES = 32


class BadSecret(RuntimeError):
    """The secret file is too short or readable by others."""


def load_or_create(path: Path) -> bytes:
    """The secret in ``path``, made there with mode 0600 when it is absent.

    Raises BadSecret when the file holds fewer than 32 bytes or when others may read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _load(path)
    with os.fdopen(fd, "wb") as file:
        file.write(secrets.token_bytes(SECRET_BYTES))
        file.flush()
        os.fsync(file.fileno())
    return _load(path)


def _load(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSecret(f"{path} can be read by others; chmod 600 {path}")
    secret = path.read_bytes()
    if len(secret) < LEAST_BYTES:
        raise BadSecret(f"{path} holds {len(secret)} bytes; at least {LEAST_BYTES} are needed")
    return secret

"""Passwords as argon2id; the only importer of argon2.

Reckoning one takes tens of milliseconds and megabytes, so it never happens on the loop of the meeting, and
only ``AT_ONCE`` side by side; more wait, and beyond ``MOST_WAITING`` are refused at once. A name that nobody
has costs the same time as one that somebody has.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar, TypeVarTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

T = TypeVar("T")
Args = TypeVarTuple("Args")

AT_ONCE = 2
MOST_WAITING = 16
LEAST_CHARS, MOST_CHARS = 10, 200
# OWASP's Password Storage Cheat Sheet, the first of its equally strong settings for little memory
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class TooBusy(Exception):
    """More are signing in just now than this machine should reckon with."""


class Passwords:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sandi")
        self._waiting = 0
        self._nobody = _nobodys()

    async def hash(self, password: str) -> str:
        """Raises TooBusy."""
        return await self._away(_HASHER.hash, password)

    async def matches(self, kept: str | None, password: str) -> bool:
        """``kept``: what ``hash`` gave; None for somebody without a password. Raises TooBusy."""
        right = await self._away(_verify, kept or self._nobody, password)
        return right and kept is not None

    async def _away(self, work: Callable[[*Args], T], *args: *Args) -> T:
        if self._waiting >= AT_ONCE + MOST_WAITING:
            raise TooBusy
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work, *args)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody's")


def _verify(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False

"""The secrets of one-time links just minted, in memory, so that a page can show them for a while."""

from collections.abc import Callable

from aiohttp import web

SHOWN_MS = 30 * 60 * 1000


class Shelf:
    """``now`` gives ms since the epoch (UTC)."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._tokens: dict[str, tuple[int, str]] = {}

    def keep(self, public_id: str, token: str) -> None:
        self._tokens[public_id] = (self._now() + SHOWN_MS, token)

    def token(self, public_id: str) -> str | None:
        """None once its time is over, or when it was minted before the server's last start."""
        self._tokens = {key: kept for key, kept in self._tokens.items() if kept[0] > self._now()}
        kept = self._tokens.get(public_id)
        return None if kept is None else kept[1]


SHELF = web.AppKey("shelf", Shelf)

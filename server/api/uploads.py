"""Files on their way in: on the disk, not in memory; one of a link at a time, few in all, not for ever."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import BinaryIO
from weakref import WeakValueDictionary

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from server.auth.guard import IDENTITY
from server.refusals import Refusal

AT_ONCE = 16
WAIT_S = 20.0
"""For a place; who has none by then is told to come again, which pages do by themselves with photos."""
SLOWEST_BYTES_PER_S = 25_000
"""In the long run: what would take longer than the largest file by this line is given up."""
_CHUNK_BYTES = 256 * 1024


class Uploads:
    """The places for files that are being sent and looked at."""

    def __init__(self) -> None:
        self._places = asyncio.Semaphore(AT_ONCE)
        self._of_link: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def place(self, link: str) -> AsyncIterator[None]:
        """Waits for one. Raises Refusal where that takes too long."""
        own = self._of_link.setdefault(link, asyncio.Lock())
        async with AsyncExitStack() as held:
            try:
                async with asyncio.timeout(WAIT_S):
                    await held.enter_async_context(own)
                    await held.enter_async_context(self._places)
            except TimeoutError as error:
                raise Refusal(429, "too_fast", detail="uploads") from error
            yield


UPLOADS = web.AppKey("uploads", Uploads)


def uploading(request: web.Request) -> AbstractAsyncContextManager[None]:
    """To be held from before it is asked whether a file is expected until it is kept. Raises Refusal."""
    return request.app[UPLOADS].place(request[IDENTITY].grant_id)


@asynccontextmanager
async def spooled(request: web.Request, most: int, part: str = "") -> AsyncIterator[BinaryIO]:
    """The body on the disk, read hardly further than ``most`` bytes: a file without a name, at its beginning.

    ``part``: instead of the body the first part of a form, which must be called so; empty for a form without
    it, or one that ends too soon. Raises Refusal for a line that is too slow.
    """
    with tempfile.TemporaryFile() as file:
        try:
            async with asyncio.timeout(most / SLOWEST_BYTES_PER_S):
                read = await _part(request, part) if part else partial(request.content.read, _CHUNK_BYTES)
                while file.tell() <= most and (chunk := await read()):
                    await asyncio.to_thread(file.write, chunk)
        except TimeoutError as error:
            raise Refusal(408, "too_slow") from error
        except (ValueError, AssertionError, HttpProcessingError):  # what aiohttp says of forms that are none
            if not part:
                raise
            file.truncate(0)
        file.seek(0)
        yield file


async def _part(request: web.Request, name: str) -> Callable[[], Awaitable[bytes]]:
    """What reads the first part of a form piece by piece. Raises ValueError where that is not called so."""
    if not request.content_type.startswith("multipart/"):
        raise ValueError("no form with a file")
    part = await anext(aiter(await request.multipart()), None)
    if not isinstance(part, BodyPartReader) or part.name != name:
        raise ValueError(f"no part {name}")
    return partial(part.read_chunk, _CHUNK_BYTES)

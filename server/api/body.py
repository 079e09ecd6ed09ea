"""Bodies of requests: JSON into a strict model, or a refusal that names every wrong field; bytes and files of
forms, bounded."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import BinaryIO, TypeVar

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import BaseModel, ValidationError

from server.i18n import N_
from server.refusals import Refusal

M = TypeVar("M", bound=BaseModel)

_SENTENCES = {
    "missing": N_("Wajib diisi."),
    "extra_forbidden": N_("Isian ini tidak dikenal."),
    "string_too_long": N_("Terlalu panjang."),
    "string_too_short": N_("Wajib diisi."),
    "too_long": N_("Terlalu banyak."),
}
WRONG = N_("Isian ini keliru.")


async def read_json(request: web.Request, model: type[M]) -> M:
    """Raises Refusal: 400 for what is no JSON object, 422 with ``fields`` for one that does not fit."""
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        first = error.errors(include_url=False)
        if any(not e["loc"] for e in first):
            raise Refusal(400, "bad_request", detail=first[0]["type"]) from error
        fields = {".".join(map(str, e["loc"])): _SENTENCES.get(e["type"], WRONG) for e in first}
        raise Refusal(422, "bad_fields", fields=fields) from error


async def bytes_of(request: web.Request, most: int) -> bytes:
    """The body, read no further than one byte more than it may have."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > most:
            break
    return bytes(body)


@asynccontextmanager
async def spooled(request: web.Request, most: int) -> AsyncIterator[BinaryIO]:
    """The body as ``bytes_of`` reads it, on the disk: a file without a name, at its beginning."""
    with tempfile.TemporaryFile() as file:
        async for chunk in request.content.iter_chunked(256 * 1024):
            await asyncio.to_thread(file.write, chunk)
            if file.tell() > most:
                break
        file.seek(0)
        yield file


async def file_of(request: web.Request, name: str, most: int) -> bytes:
    """The first part of a form with a file, which must be ``name``; read no further than ``bytes_of`` would.

    Empty for a form without it, or one that ends too soon.
    """
    if not request.content_type.startswith("multipart/"):
        return b""
    body = bytearray()
    try:
        part = await anext(aiter(await request.multipart()), None)
        if not isinstance(part, BodyPartReader) or part.name != name:
            return b""
        while len(body) <= most and (chunk := await part.read_chunk()):
            body += chunk
    except (ValueError, AssertionError, HttpProcessingError):  # what aiohttp says of forms that are none
        return b""
    return bytes(body)

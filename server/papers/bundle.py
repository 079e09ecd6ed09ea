"""Many files as one ZIP that is sent while it is made: never more than one of them in memory."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from server.planning.export import WIB


class Part(NamedTuple):
    name: str
    file: Path
    at: int
    """ms (UTC)."""


class _Sink(io.RawIOBase):
    """Takes what is written until it is fetched."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._held += data
        return len(data)

    def fetch(self) -> bytes:
        held, self._held = bytes(self._held), bytearray()
        return held


async def zipped(parts: Iterable[Part]) -> AsyncIterator[bytes]:
    """The bytes of the ZIP, one file's after another's; PDFs are packed already and stored as they are."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for part in parts:
            when = datetime.fromtimestamp(part.at // 1000, WIB)
            entry = zipfile.ZipInfo(part.name, when.timetuple()[:6])
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, await asyncio.to_thread(part.file.read_bytes))
            yield sink.fetch()
    yield sink.fetch()

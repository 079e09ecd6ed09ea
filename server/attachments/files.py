"""Files that are kept: each is named after its content and never changes, so writing one twice does no harm.

A file is on the disk before the row that names it; one without a row was left by a crash and is harmless.
"""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


class Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    async def remove(self, names: Iterable[str]) -> None:
        """For good; one that is not there is none."""
        for name in names:
            await asyncio.to_thread(self.path(name).unlink, missing_ok=True)

    async def put(self, body: bytes, suffix: str) -> str:
        """The name to find it by."""
        return await asyncio.to_thread(self._put, body, suffix)

    def _put(self, body: bytes, suffix: str) -> str:
        name = hashlib.sha256(body).hexdigest() + suffix
        target = self.path(name)
        if target.is_file() and target.stat().st_size == len(body):
            return name
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, target)
        except BaseException:
            os.unlink(draft)
            raise
        directory = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
        return name

"""Pages of slides on the disk, written once and never changed: pictures, ``FOLDER/DECK/PAGE-WIDTH.webp``, and
what can be read in each, ``FOLDER/DECK/PAGE.txt``.

A deck is there before the meeting is told of it; one that no meeting knows was left by a crash, harmless.
"""

import asyncio
import os
import shutil
from collections.abc import Sequence, Set
from pathlib import Path

from rooms.ids import DeckId

WIDTHS = (1280, 640)
"""Of the longer side; the lighter one is for narrow lines and small screens."""


def page_path(folder: Path, deck_id: DeckId, page: int, width: int) -> Path:
    """``deck_id``: one that a meeting knows, so nothing that somebody types."""
    return folder / deck_id / f"{page}-{width}.webp"


def text_path(folder: Path, deck_id: DeckId, page: int) -> Path:
    """UTF-8; absent for slides of older releases."""
    return folder / deck_id / f"{page}.txt"


async def keep(folder: Path, deck_id: DeckId, parts: Sequence[bytes]) -> None:
    """``parts``: of each page its pictures in the order of ``WIDTHS``, then its text."""
    await asyncio.to_thread(_write, folder, deck_id, parts)


async def drop(folder: Path, deck_id: DeckId) -> None:
    """One that the meeting did not take."""
    await asyncio.to_thread(shutil.rmtree, folder / deck_id)


async def leave(folder: Path, deck_id: DeckId, pages: Set[int]) -> None:
    """Of one that was taken away these pages alone, which the replay shows; again without harm."""
    await asyncio.to_thread(_leave, folder / deck_id, pages)


def _leave(deck: Path, pages: Set[int]) -> None:
    if not pages:
        return shutil.rmtree(deck, ignore_errors=True)
    for file in deck.iterdir():
        if int(file.stem.partition("-")[0]) not in pages:
            file.unlink()
    return None


def _write(folder: Path, deck_id: DeckId, parts: Sequence[bytes]) -> None:
    (folder / deck_id).mkdir(parents=True)
    each = len(WIDTHS) + 1
    for number, body in enumerate(parts):
        page, part = number // each + 1, number % each
        is_text = part == len(WIDTHS)
        path = text_path(folder, deck_id, page) if is_text else page_path(folder, deck_id, page, WIDTHS[part])
        with path.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
    for directory in (folder / deck_id, folder):
        handle = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

"""Clips that a crash left unfinished are made playable: index, duration, manifest, marked interrupted.

A lock on the recordings' directory keeps this away from files that a living recorder still writes: every
recorder shares it, salvage wants it alone. The kernel frees a killed recorder's share.
"""

import fcntl
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rooms.recording import manifest
from rooms.recording.clip import complete
from rooms.recording.manifest import Clip

log = logging.getLogger(__name__)


def salvage(directory: Path) -> list[Clip]:
    """Finish what no living recorder will finish; returns those clips. Blocks for as long as it copies.

    Nothing is done, and nothing waited for, while a recorder runs on ``directory``: it salvages by itself.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _opened(directory) as descriptor:
        if not _lock_alone(descriptor):
            return []
        return finish_all(directory, unfinished(directory))


@contextmanager
def recording(directory: Path) -> Iterator[list[Clip]]:
    """Hold a recorder's share of the lock; gives the orphans that this recorder has to finish."""
    directory.mkdir(parents=True, exist_ok=True)
    with _opened(directory) as descriptor:
        orphans = unfinished(directory) if _lock_alone(descriptor) else []
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        yield orphans


def unfinished(directory: Path) -> list[Clip]:
    """Clips of all rooms that are not complete."""
    found = (manifest.load(path) for path in sorted(directory.glob("*/*.json")))
    return [clip for clip in found if clip is not None and not clip.complete]


def finish_all(directory: Path, orphans: Iterable[Clip]) -> list[Clip]:
    """Complete each clip that still needs it; one that fails is logged and left for the next time."""
    done = []
    for orphan in orphans:
        clip = manifest.load(manifest.path_of(directory, orphan))
        if clip is None or clip.complete:
            continue
        try:
            done.append(complete(directory, clip))
        except Exception:
            log.exception("clip %s could not be salvaged", clip.clip_id)
        else:
            log.info("clip %s salvaged, %d ms", clip.clip_id, done[-1].duration_ms)
    return done


@contextmanager
def _opened(directory: Path) -> Iterator[int]:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _lock_alone(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
